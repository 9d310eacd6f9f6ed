import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";

const allowed = async (device: LocalDevice, name: string) =>
  (await device.api.grant.list({})).items.find((item) => item.name === name)?.capabilities;

test("what a mesh says of everyone holds for whoever says nothing itself, at broker and receiver", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await bob.api.message.send({ to: "*", text: "one" });
  await alice.api.message.send({ to: "*", text: "hello" });
  assert.deepEqual(texts(await read(carol, "60s")), ["one", "hello"]);
  await carol.api.member.update({ defaultGrants: "read dm broadcast" });

  const { policy } = await alice.api.mesh.settings({ defaultGrants: "read, dm file-read" });
  assert.deepEqual(policy.defaultGrants, ["read", "dm", "file-read"]);
  await Promise.all([bob.drain(), carol.drain()]);
  assert.deepEqual(await allowed(alice, "bob"), ["read", "dm", "file-read"]);
  assert.deepEqual(await allowed(carol, "bob"), ["read", "dm", "broadcast"]);
  assert.equal((await bob.api.message.send({ to: "*", text: "two" })).state, "accepted");
  await bob.api.message.send({ to: "alice", text: "to you alone" });
  assert.deepEqual(texts(await read(carol, "60s")), ["two"]);
  const seen = await read(alice, "60s");
  assert.deepEqual(texts(seen).includes("two"), false);
  assert.deepEqual(texts(seen).at(-1), "to you alone");

  // What was kept back meanwhile is not missing when the mesh lets more through again.
  await alice.api.mesh.settings({ defaultGrants: "read dm broadcast" });
  await bob.drain();
  await bob.api.message.send({ to: "*", text: "three" });
  const after = await read(alice, "60s");
  assert.deepEqual([texts(after), after.notices], [["three"], []]);
});

test("a broker that lets through what the mesh does not allow changes nothing", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.mesh.settings({ defaultGrants: "read" });
  await bob.drain();
  using sender = new Inside(ground, "bob");
  using reader = new Inside(ground, "alice");
  await reader.take("message", sender.seal(reader, {}, { text: "let me in" }));
  assert.deepEqual(reader.texts(), []);
});

test("a guest has of the mesh's defaults what guests may have, and only admins say what they are", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const { link } = await alice.api.invite.create({ role: "guest" });
  const guest = await ground.device("guest");
  await guest.api.invite.claim({ invite: link });
  await alice.api.mesh.settings({ defaultGrants: "read dm broadcast state-write" });
  await alice.api.member.list({});
  assert.deepEqual(await allowed(alice, "guest"), ["read", "dm"]);
  await guest.drain();
  assert.deepEqual(await allowed(guest, "alice"), ["read", "dm", "broadcast", "state-write"]);
  await refusal("forbidden", () => guest.api.mesh.settings({ defaultGrants: "read" }));
  await refusal("malformed", () => alice.api.mesh.settings({ defaultGrants: "none" }));
  await refusal("malformed", () => alice.api.mesh.settings({ defaultGrants: "everything" }));
});
