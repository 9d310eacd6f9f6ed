import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { backupBroker, restoreBroker } from "@claudemesh/broker/maintenance";
import { systemRandom } from "@claudemesh/crypto";
import { Ground, read, texts } from "../device/home-fixture.ts";

test("after a restore devices that were ahead of the backup write to each other again, and see what it was", {
  timeout: 120_000,
}, async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.message.send({ to: "bob", text: "before" });
  assert.deepEqual(texts(await read(bob)), ["before"]);
  assert.equal((await alice.api.audit.verify({})).valid, true);

  const folder = join(ground.folder, "broker");
  const backup = join(ground.folder, "backup");
  await backupBroker({ folder, to: backup, at: Date.now() });
  await alice.api.message.send({ to: "bob", text: "lost by the broker, not by bob" });
  assert.deepEqual(texts(await read(bob)), ["lost by the broker, not by bob"]);
  await alice.api.member.disconnect({ member: "bob" });
  const seen = await alice.api.audit.verify({});
  assert.equal(seen.valid, true);

  await ground.stopBroker();
  const wish = { from: backup, folder, at: Date.now(), random: systemRandom };
  await restoreBroker({ ...wish, force: true });
  await ground.startBroker();

  const there = await alice.api.message.send({ to: "bob", text: "after" });
  assert.equal(there.state, "accepted");
  assert.deepEqual(texts(await read(bob)), ["after"]);
  await bob.api.message.send({ to: "alice", text: "and back" });
  assert.deepEqual(texts(await read(alice)), ["and back"]);

  // The restored chain goes on from another row than the one that this home checked: it is named, and taken only when its person says so.
  const after = await alice.api.audit.verify({});
  assert.equal(after.valid, false);
  assert.equal(after.first?.seq, seen.head.seq);
  assert.match(after.first?.why ?? "", /not the row that was seen here before/);
  assert.equal((await alice.api.audit.verify({ accept: true })).valid, true);
  assert.equal((await alice.api.audit.verify({})).valid, true);
  const { items } = await alice.api.audit.list({});
  assert.equal(items.at(-1)?.act, "broker.restore");
});
