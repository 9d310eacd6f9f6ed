import assert from "node:assert/strict";
import { test } from "node:test";
import { limits, TaskId } from "@claudemesh/protocol";
import { Ground, read, refusal } from "../device/home-fixture.ts";
import { until } from "../topics/support.ts";

const notices = async (device: Awaited<ReturnType<Ground["device"]>>): Promise<string[]> =>
  (await read(device)).notices.map(({ text }) => text);

test("what is written without the broker waits, is shown as pending, and arrives once; a lost claim is told", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.state.set({ key: "goal", value: "ship" });
  const made = await alice.api.task.create({ title: "fix the build" });
  const id = TaskId.parse(made.id);
  await bob.api.state.get({ key: "goal" });
  await bob.api.task.list({});
  await ground.stopBroker();

  const set = await bob.api.state.set({ key: "goal", value: "rest" });
  assert.deepEqual([set.pending, set.version], [true, undefined]);
  await bob.api.state.set({ key: "fresh", value: "1" });
  const told = await bob.api.memory.add({
    text: "the staging key is rotated on Mondays",
    tags: ["ops"],
  });
  assert.equal(told.pending, true);
  assert.equal((await bob.api.task.claim({ id })).pending, true);
  await bob.api.context.share({ summary: "looking at the build", files: ["src/build.ts"] });
  const state = await bob.api.state.list({});
  assert.deepEqual(
    state.items.map(({ key, value, pending }) => [key, value, pending]),
    [
      ["fresh", 1, true],
      ["goal", "rest", true],
    ],
  );
  assert.ok(state.ageMs > 0);
  const found = await bob.api.memory.search({ query: "stag Monday" });
  assert.deepEqual(
    found.items.map(({ id: at, pending }) => [at, pending]),
    [[told.id, true]],
  );
  const [task] = (await bob.api.task.list({})).items;
  assert.deepEqual([task?.status, task?.pending, task?.claimedBy?.name], ["claimed", true, "bob"]);
  const [context] = (await bob.api.context.get({ query: "src/build.ts" })).items;
  assert.equal(context?.pending, true);
  await alice.close();
  await bob.close();

  await ground.startBroker();
  const back = await ground.device("alice");
  await back.api.task.claim({ id });
  await back.api.state.set({ key: "goal", value: "measure" });
  const again = await ground.device("bob");
  // Any read is enough to have what waits sent first.
  const synced = await again.api.state.list({});
  assert.deepEqual(
    synced.items.map(({ key, value, pending, author }) => [key, value, pending, author.name]),
    [
      ["fresh", 1, false, "bob"],
      ["goal", "rest", false, "bob"],
    ],
    "the last in the broker's order wins",
  );
  const texts = await notices(again);
  assert.ok(
    texts.some((text) => /task claim .* did not happen: .*claimed.*, by alice/.test(text)),
    texts.join("\n"),
  );
  assert.ok(
    texts.some((text) => /state set goal, .* replaced a newer state/.test(text)),
    texts.join("\n"),
  );
  assert.equal(texts.length, 2, texts.join("\n"));
  const memories = await back.api.memory.search({ query: "staging" });
  assert.deepEqual(
    memories.items.map(({ id: at, text, author, tags }) => [at, text, author.name, tags]),
    [[told.id, "the staging key is rotated on Mondays", "bob", ["ops"]]],
  );
  assert.equal((await back.api.memory.list({})).items.length, 1);
  assert.deepEqual(
    (await back.api.context.list({})).items.map(({ summary, author }) => [summary, author.name]),
    [["looking at the build", "bob"]],
  );
});

test("a compare-and-set that was made offline loses where another came first, and is told", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { version = 0 } = await alice.api.state.set({ key: "lock", value: '"free"' });
  await bob.api.state.get({ key: "lock" });
  await ground.stopBroker();
  const mine = await bob.api.state.set({ key: "lock", value: '"bob"', ifVersion: version });
  assert.equal(mine.pending, true);
  await ground.startBroker();
  await alice.api.state.set({ key: "lock", value: '"alice"', ifVersion: version });
  // The connection that bob keeps sends by itself.
  const online = bob.keepOnline();
  const texts = await until(
    () => notices(bob),
    (seen) => seen.length > 0,
  );
  await online.stop();
  assert.match(texts.join(), /state set lock, .* did not happen: ifVersion/);
  assert.equal((await bob.api.state.get({ key: "lock" })).value, "alice");
  await refusal("conflict", () =>
    bob.api.state.set({ key: "lock", value: "x", ifVersion: version }),
  );
});

test("what waits in a home is in its backup: both homes send it, and it is carried out once", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.task.create({ title: "fix the build" });
  await ground.stopBroker();
  await bob.api.state.set({ key: "goal", value: "rest" });
  await bob.api.memory.add({ text: "the staging key is rotated on Mondays" });
  await bob.api.task.claim({ id });
  const saved = { path: ground.home("bob.backup"), passphrase: "correct horse battery" };
  await bob.api.backup.create(saved);
  const again = await ground.device("again");
  await again.api.backup.restore(saved);
  assert.deepEqual(
    (await again.api.state.list({})).items.map(({ key, pending }) => [key, pending]),
    [["goal", true]],
  );
  await ground.startBroker();
  const claimed = async (device: typeof bob) =>
    (await device.api.task.list({ assignee: "me", status: "claimed" })).items.map(
      ({ id: at, pending }) => [at, pending],
    );
  assert.deepEqual(await claimed(bob), [[id, false]]);
  await alice.api.state.set({ key: "goal", value: "ship" });
  assert.deepEqual(await claimed(again), [[id, false]]);
  const { items } = await again.api.state.list({});
  assert.deepEqual(
    items.map(({ value, pending, author }) => [value, pending, author.name]),
    [["ship", false, "alice"]],
    "what came later stands",
  );
  const [memory, ...more] = (await alice.api.memory.list({})).items;
  assert.deepEqual([memory?.author.proof, more.length], ["signed", 0]);
  assert.deepEqual([...(await notices(bob)), ...(await notices(again))], []);
});

test("what waited for longer than a repeat is known is not sent, and told", async () => {
  let ahead = 0;
  await using ground = await Ground.start({}, { now: () => Date.now() + ahead });
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  await ground.stopBroker();
  await alice.api.state.set({ key: "goal", value: "rest" });
  ahead = limits.idempotencyTtlMs + 60_000;
  await alice.api.state.set({ key: "fresh", value: "1" });
  await ground.startBroker();
  const { items } = await alice.api.state.list({});
  assert.deepEqual(
    items.map(({ key }) => key),
    ["fresh"],
  );
  assert.match(
    (await notices(alice)).join(),
    /^state set goal, .* did not happen: it waited for so/,
  );
});
