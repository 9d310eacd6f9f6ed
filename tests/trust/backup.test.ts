import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";

const passphrase = "correct horse battery";

test("a restored home reads on, under a device of its own, and has what was read before", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await bob.api.message.send({ to: "alice", text: "the old message" });
  assert.deepEqual(texts(await read(alice, "60s")), ["the old message"]);
  await bob.api.message.send({ to: "alice", text: "not yet read" });
  await alice.drain();
  await alice.api.member.verify({ peer: "bob", confirm: true });
  const path = ground.home("alice.backup");
  const made = await alice.api.backup.create({ path, passphrase });
  assert.equal(made.messages, 2);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.ok(!readFileSync(path).includes("the old message"));
  await refusal("exists", () => alice.api.backup.create({ path, passphrase }));
  const before = await alice.whoami();
  await alice.close();

  const again = await ground.device("again");
  await again.api.backup.restore({ path, passphrase });
  const after = await again.whoami();
  assert.equal(after.meshes[0]?.member, before.meshes[0]?.member);
  assert.notEqual(after.meshes[0]?.device, before.meshes[0]?.device);
  const { items } = await again.api.member.list({});
  assert.equal(items.find(({ name }) => name === "bob")?.trust, "verified");
  const unread = await read(again);
  assert.deepEqual(texts(unread), ["not yet read"]);
  assert.equal(unread.items[0]?.again, true);

  await bob.api.message.send({ to: "alice", text: "after the restore" });
  assert.deepEqual(texts(await read(again, "60s")), ["after the restore"]);
  await again.api.message.send({ to: "bob", text: "I am back" });
  const seen = await read(bob, "60s");
  assert.deepEqual(texts(seen), ["I am back"]);
  assert.deepEqual(seen.notices, [], "no gap, no counter used twice");
  const { items: meshes } = await again.api.mesh.list({});
  assert.equal(meshes[0]?.warning, undefined, "there is a backup");
});

test("a wrong passphrase, a short one and a cut file each say so and change nothing", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const path = ground.home("alice.backup");
  const short = await refusal("malformed", () =>
    alice.api.backup.create({ path, passphrase: "elf zeichen" }),
  );
  assert.match(short.message, /^passphrase: at least 12/);
  assert.ok(!existsSync(path));
  await alice.api.backup.create({ path, passphrase });
  const other = await ground.device("other");
  await refusal("bad_signature", () =>
    other.api.backup.restore({ path, passphrase: "wrong horse battery" }),
  );
  writeFileSync(path, readFileSync(path).subarray(0, -100));
  const cut = await refusal("malformed", () => other.api.backup.restore({ path, passphrase }));
  assert.match(cut.message, /cut short/);
  await refusal("not_found", () => other.api.backup.restore({ path: `${path}x`, passphrase }));
  assert.deepEqual((await other.whoami()).meshes, []);
});
