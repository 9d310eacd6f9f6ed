import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, refusal } from "../device/home-fixture.ts";

test("state is shared with its author, compared and set, scoped to topics, deleted, and pushed", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  const set = await alice.api.state.set({ key: "release", value: '{"version":"1.2","ok":true}' });
  assert.deepEqual([set.pending, set.value], [false, { version: "1.2", ok: true }]);
  const got = await bob.api.state.get({ key: "release" });
  assert.deepEqual(got.value, { version: "1.2", ok: true });
  assert.deepEqual([got.author.name, got.author.proof, got.pending], ["alice", "signed", false]);
  assert.equal(got.version, set.version);

  const next = await bob.api.state.set({ key: "release", value: "1.3", ifVersion: got.version });
  assert.ok((next.version ?? 0) > (got.version ?? 0));
  const lost = await refusal("conflict", () =>
    alice.api.state.set({ key: "release", value: "1.4", ifVersion: got.version }),
  );
  assert.match(lost.message, /version/);
  await refusal("conflict", () =>
    alice.api.state.set({ key: "release", value: "x", ifVersion: 0 }),
  );
  await alice.api.state.set({ key: "note", value: "plain words", ifVersion: 0 });

  await alice.api.topic.create({ name: "deploys" });
  await alice.api.topic.create({ name: "secret", visibility: "private" });
  await bob.api.topic.join({ name: "deploys" });
  await alice.api.state.set({ key: "release", value: "in topic", topic: "deploys" });
  await alice.api.state.set({ key: "release", value: "hidden", topic: "#secret" });
  const keysOf = async (device: typeof alice) =>
    (await device.api.state.list({})).items.map(({ key, topic, value }) => [topic, key, value]);
  assert.deepEqual(await keysOf(alice), [
    [undefined, "note", "plain words"],
    [undefined, "release", 1.3],
    ["deploys", "release", "in topic"],
    ["secret", "release", "hidden"],
  ]);
  assert.deepEqual(await keysOf(bob), [
    [undefined, "note", "plain words"],
    [undefined, "release", 1.3],
    ["deploys", "release", "in topic"],
  ]);
  assert.deepEqual((await keysOf(carol)).length, 2);
  await refusal("forbidden", () => carol.api.state.get({ key: "release", topic: "deploys" }));
  await refusal("forbidden", () =>
    carol.api.state.set({ key: "release", value: "1", topic: "deploys" }),
  );
  await refusal("not_found", () => bob.api.state.get({ key: "release", topic: "secret" }));

  // The feed tells it: with the broker gone, carol still knows it.
  await read(carol);
  await ground.stopBroker();
  const kept = await carol.api.state.get({ key: "release" });
  assert.deepEqual([kept.value, kept.author.name], [1.3, "bob"]);
  assert.ok(kept.ageMs > 0);
  await ground.startBroker();

  await bob.api.state.delete({ key: "note" });
  await refusal("not_found", () => alice.api.state.get({ key: "note" }));
  await refusal("not_found", () => alice.api.state.delete({ key: "note" }));
  await alice.api.state.set({ key: "note", value: "again", ifVersion: 0 });
});

test("what a member wrote is hidden from those whom it does not let read it, and theirs to change only as it says", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.state.set({ key: "mine", value: "1" });
  await alice.api.grant.revoke({ peer: "bob", capabilities: "state-read" });
  await refusal("not_found", () => bob.api.state.get({ key: "mine" }));
  assert.deepEqual((await bob.api.state.list({})).items, []);
  await refusal("forbidden", () => bob.api.state.set({ key: "mine", value: "2" }));
  await alice.api.grant.set({ peer: "bob", capabilities: "state-read" });
  assert.equal((await bob.api.state.get({ key: "mine" })).value, 1);
  await refusal("forbidden", () => bob.api.state.delete({ key: "mine" }));
  await alice.api.grant.set({ peer: "bob", capabilities: "state-write" });
  await bob.api.state.set({ key: "mine", value: "2" });
  await alice.api.grant.block({ peer: "bob" });
  assert.deepEqual((await alice.api.state.list({})).items, [], "whom one blocks one does not read");
});
