import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClockState } from "@claudemesh/protocol";
import { InProcessBus } from "../../apps/broker/src/bus/in-process.ts";
import { startBroker } from "../broker/support/broker.ts";
import { foundMesh, TestMember } from "../broker/support/member.ts";
import { eventually } from "./eventually.ts";
import { VirtualTime } from "./virtual-time.ts";

const start = Date.parse("2026-03-01T12:00:00Z");
const minute = 60_000;

test("the clock ticks once for all nodes, at its speed, for those who are there, and stands still without them", async () => {
  const time = new VirtualTime(start);
  const bus = new InProcessBus();
  const options = { now: time.now, timer: time.timer };
  await using first = await startBroker({}, { ...options, bus: bus.join() });
  const { store } = first.broker;
  const shared = { ...store, close: async () => {} };
  await using second = await startBroker({}, { ...options, bus: bus.join(), store: shared });
  const alice = await foundMesh(first.url, "lab", time.now);
  const there = new TestMember(second.url, alice.secret, alice.roster, alice.id);
  there.now = time.now;
  const client = await alice.connect();
  const near = await alice.connect("feed");
  const far = await there.connect("feed");
  const ticks = (feed: typeof near) =>
    feed.frames
      .filter(({ kind }) => kind === "clock_tick")
      .map(({ clock }) => (clock as ClockState).tick);
  const state = () => client.call("clock.get", {});

  assert.deepEqual([(await state()).running, (await state()).paused], [false, "nobody has set it"]);
  await client.call("clock.set", { speed: 100, time: start });
  for (let tick = 1; tick <= 5; tick++) {
    time.advance(600);
    await eventually(async () => (await state()).tick === tick || undefined, `tick ${tick}`);
  }
  for (const feed of [near, far]) {
    const seen = () => ticks(feed);
    await eventually(() => seen().includes(5) || undefined, "the last tick", seen);
    assert.deepEqual([...new Set(seen())], [0, 1, 2, 3, 4, 5]);
    assert.equal(seen().length, 6, "each once");
  }
  assert.equal((await state()).time, start + 5 * minute);

  await client.call("clock.pause", {});
  time.advance(10 * minute);
  assert.deepEqual([(await state()).tick, (await state()).paused], [5, "it was paused"]);
  await client.call("clock.resume", {});
  await client.call("clock.set", { speed: 1 });
  time.advance(minute);
  await eventually(async () => (await state()).tick === 6 || undefined, "the next tick");

  for (const one of [client, near, far]) await one.close();
  await eventually(async () => {
    time.advance(minute);
    const [row] = await store.read.jobs(alice.mesh, { kind: "clock" });
    return row?.dueAt === null ? true : undefined;
  }, "it stands still");
  const [still] = await store.read.jobs(alice.mesh, { kind: "clock" });
  assert.equal(JSON.parse(still?.state ?? "{}").paused, "nobody is here");
  const back = await alice.connect();
  const on = await eventually(async () => {
    const now = (await back.call("clock.get", {})) as unknown as ClockState;
    return now.running ? now : undefined;
  }, "it runs on, since somebody is there");
  assert.equal(on.paused, undefined);
  time.advance(minute);
  await eventually(
    async () => ((await back.call("clock.get", {})).tick === on.tick + 1 ? true : undefined),
    "the tick after that",
  );
  await back.call("clock.pause", {});
  await back.close();
  const later = await alice.connect();
  await later.call("clock.get", {});
  time.advance(10 * minute);
  assert.equal(
    (await later.call("clock.get", {})).paused,
    "it was paused",
    "by a person, it stays",
  );
  await later.close();
  const wrong = await alice.connect();
  for (const speed of [0, 101, 1.5]) {
    await assert.rejects(wrong.call("clock.set", { speed }), { code: "malformed" });
  }
});
