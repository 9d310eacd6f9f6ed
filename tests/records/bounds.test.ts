import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { limits } from "@claudemesh/protocol";
import { Ground, read, refusal } from "../device/home-fixture.ts";

test("a mesh says how much it shares and may share; at a bound it says which, and deleting makes room", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "secret", visibility: "private" });
  await alice.api.state.set({ key: "goal", value: "ship" });
  await alice.api.state.set({ key: "goal", value: "hidden", topic: "secret" });
  await alice.api.memory.add({ text: "the staging key is rotated on Mondays" });
  const { id } = await alice.api.task.create({ title: "fix the build" });
  await alice.api.task.create({ title: "review it" });
  await bob.api.task.claim({ id: id.slice(-8) });
  await bob.api.context.share({ summary: "reading the store" });
  const counted = async (device: typeof bob) => {
    const { contexts, memories, openTasks, stateKeys, tasks } = await device.api.mesh.info({});
    return { contexts, memories, openTasks, stateKeys, tasks };
  };
  const seen = { contexts: 1, memories: 1, openTasks: 1, stateKeys: 1, tasks: 2 };
  assert.deepEqual(await counted(bob), seen);
  assert.deepEqual(await counted(alice), { ...seen, stateKeys: 2 });
  const { limits: most } = await bob.api.mesh.info({});
  assert.deepEqual([most?.stateKeys, most?.openTasks], [limits.stateKeys, limits.openTasks]);

  // As if the others had been written: nobody waits for ten thousand writes.
  await ground.stopBroker();
  const db = new DatabaseSync(join(ground.folder, "broker", "broker.db"));
  for (const [noun, count] of [
    ["context", limits.contexts],
    ["memory", limits.memories],
    ["state", limits.stateKeys],
    ["task", limits.openTasks],
  ] as const) {
    const { changes } = db
      .prepare("UPDATE record_count SET count = ? WHERE noun = ?")
      .run(count, noun);
    assert.equal(changes, 1, noun);
  }
  db.close();
  await bob.api.state.set({ key: "offline", value: "1" });
  await ground.startBroker();
  const full = await refusal("too_large", () => alice.api.state.set({ key: "x", value: "1" }));
  assert.match(full.message, /as many of these as it may: 10000/);
  assert.match(full.hint ?? "", /claudemesh state list/);
  assert.deepEqual(full.detail, { reason: "records", noun: "state", limit: limits.stateKeys });
  await refusal("too_large", () => alice.api.memory.add({ text: "one more" }));
  await refusal("too_large", () => alice.api.task.create({ title: "one more" }));
  await refusal("too_large", () => alice.api.context.share({ summary: "the first of alice" }));
  assert.equal((await bob.api.state.list({})).items.length, 1);
  assert.match(
    (await read(bob)).notices.map(({ text }) => text).join(),
    /state set offline, .* did not happen: the mesh has as many/,
  );

  await alice.api.state.set({ key: "goal", value: "what is there may change" });
  await bob.api.context.share({ summary: "also a context" });
  await alice.api.state.delete({ key: "goal" });
  await alice.api.state.set({ key: "x", value: "1" });
  await refusal("too_large", () => alice.api.state.set({ key: "y", value: "1" }));
  await bob.api.task.complete({ id: id.slice(-8), result: "done" });
  await alice.api.task.create({ title: "one more" });
});
