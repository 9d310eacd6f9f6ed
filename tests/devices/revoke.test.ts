import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { linked, noticesOf } from "./support.ts";

const onlyOther = async (device: LocalDevice): Promise<string> => {
  const { items } = await device.api.device.list({});
  const others = items.filter(({ origin }) => origin !== "this");
  assert.equal(others.length, 1, JSON.stringify(items));
  return others[0]?.device ?? "";
};

test("a revoked device is shut out of every mesh, and everyone is told; who revoked it goes on as before", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.mesh.create({ name: "Second" });
  await bob.api.member.verify({ peer: "alice", confirm: true });
  const lost = await linked(ground, alice, "lost");
  await lost.drain();
  await alice.api.message.send({ mesh: "team", to: "*", text: "to all before" });
  assert.deepEqual(texts(await read(bob, "60s")), ["to all before"]);
  const before = await alice.whoami();

  const device = await onlyOther(alice);
  await refusal("not_found", () => alice.api.device.revoke({ device: "dev_ffffffff-none" }));
  await refusal("malformed", () =>
    alice.api.device.revoke({ device: before.meshes[0]?.device ?? "" }),
  );
  const revoked = await alice.api.device.revoke({ device: device.slice(0, 12) });
  assert.deepEqual(
    [revoked.device, revoked.done.sort(), revoked.due],
    [device, ["second", "team"], []],
  );
  const after = await alice.whoami();
  for (const [at, mesh] of after.meshes.entries()) {
    assert.equal(mesh.member, before.meshes[at]?.member);
    assert.notEqual(mesh.key, before.meshes[at]?.key);
  }

  const refused = await refusal("revoked", () =>
    lost.api.message.send({ mesh: "team", to: "bob", text: "from the thief" }),
  );
  assert.match(refused.message, /replaced from another device/);

  assert.ok((await noticesOf(bob)).includes("key_changed"));
  const { items } = await bob.api.member.list({});
  assert.equal(items.find(({ name }) => name === "alice")?.trust, "changed");

  await bob.api.message.send({ to: "alice", text: "to the new key" });
  assert.deepEqual(texts(await read(alice, "60s")), ["to the new key"]);
  const { id } = await alice.api.message.send({
    mesh: "team",
    to: "bob",
    text: "from the new key",
  });
  await alice.api.message.send({ mesh: "team", to: "*", text: "to all under the new key" });
  const got = texts(await read(bob, "60s"));
  if (got.length < 2) got.push(...texts(await read(bob, "60s")));
  assert.deepEqual(got.sort(), ["from the new key", "to all under the new key"]);
  await alice.drain();
  assert.ok(["offered", "stored"].includes((await alice.api.message.status({ id })).state));
  assert.deepEqual(await noticesOf(alice), []);
  await alice.api.member.update({ displayName: "Alice B" });
  const { items: named } = await bob.api.member.list({});
  assert.ok(named.some(({ name }) => name === "Alice B"));
  assert.deepEqual(
    (await noticesOf(bob)).filter((code) => code === "bad_signature"),
    [],
  );

  const again = await linked(ground, alice, "again");
  await bob.api.message.send({ to: "Alice B", text: "to both of the new ones" });
  assert.deepEqual(texts(await read(again, "60s")), ["to both of the new ones"]);
  assert.deepEqual(texts(await read(alice, "60s")), ["to both of the new ones"]);
});

test("what nobody had when the keys were replaced is sent again under the new ones, and receipts are said again", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const fromBob = await bob.api.message.send({ to: "alice", text: "stored by alice" });
  await bob.close();
  await alice.drain();
  const lost = await linked(ground, alice, "lost");
  await lost.drain();
  const { id } = await alice.api.message.send({ to: "bob", text: "on its way" });
  assert.equal((await alice.api.message.status({ id })).state, "accepted");
  await alice.api.device.revoke({ device: await onlyOther(alice) });
  await alice.drain();

  const back = await ground.device("bob");
  const shown = await read(back, "60s");
  assert.deepEqual(texts(shown), ["on its way"]);
  assert.notEqual(shown.items[0]?.id, id, "as a new message");
  assert.deepEqual(
    shown.notices.map(({ code }) => code).filter((code) => code !== "keys_replaced"),
    ["roster_stale"],
    "the one before cannot be dated by bob, and is told apart",
  );
  await alice.drain();
  assert.equal((await alice.api.message.status({ id: shown.items[0]?.id ?? id })).state, "offered");
  const told = await back.api.message.status({ id: fromBob.id });
  assert.equal(told.state, "stored", JSON.stringify(told));
});
