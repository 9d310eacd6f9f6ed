import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { systemRandom, uuidv4 } from "@claudemesh/crypto";
import { audienceOf, type JobId } from "@claudemesh/protocol";
import type { JobRow } from "../../apps/broker/src/store/jobs-port.ts";
import type { Store } from "../../apps/broker/src/store/port.ts";
import { newFolder, startBroker } from "../broker/support/broker.ts";
import { foundMesh, type TestMember } from "../broker/support/member.ts";
import { eventually } from "./eventually.ts";
import { said, saidSoFar } from "./said.ts";
import { VirtualTime } from "./virtual-time.ts";

const start = Date.parse("2026-03-28T23:00:00Z");
const minute = 60_000;

const texts = async (store: Store, member: TestMember) =>
  (await said(store, member)).map(({ text }) => text);

const reminder = ({ mesh, id }: TestMember, n: number, dueAt: number): JobRow => ({
  mesh,
  id: `job_${uuidv4(systemRandom)}` as JobId,
  kind: "schedule",
  author: id,
  spec: JSON.stringify({ what: "message", to: audienceOf(id), text: `reminder ${n}` }),
  secret: null,
  state: "{}",
  createdAt: start,
  lane: "said",
  dueAt,
  plannedAt: dueAt,
  fails: 0,
  stopped: null,
});

test("a reminder comes at its time, once, as the broker's own unsigned word", async () => {
  const time = new VirtualTime(start);
  await using at = await startBroker({}, { now: time.now, timer: time.timer });
  const alice = await foundMesh(at.url, "lab", time.now);
  const client = await alice.connect();
  const made = await client.call("schedule.create", { text: "stand up", inMs: 10 * minute });
  assert.deepEqual(made.next, [start + 10 * minute]);
  time.advance(9 * minute);
  assert.deepEqual(await texts(at.broker.store, alice), []);
  time.advance(minute);
  const [entry] = await saidSoFar(at.broker.store, alice, 1);
  assert.equal(entry?.text, "stand up");
  assert.equal(entry?.subtype, "reminder");
  assert.deepEqual(entry?.from, { job: made.id, name: "reminder", owner: alice.id });
  assert.deepEqual((await client.call("schedule.list", {})).items, []);
  await assert.rejects(client.call("schedule.cancel", { id: made.id }), { code: "not_found" });
});

test("a cron expression goes by its time zone, also when the clocks change, and does not make up for what was missed", async () => {
  const time = new VirtualTime(start);
  const folder = newFolder();
  const options = { now: time.now, timer: time.timer };
  try {
    let alice: TestMember;
    {
      await using at = await startBroker({}, options, folder);
      alice = await foundMesh(at.url, "lab", time.now);
      const client = await alice.connect();
      const asked = { text: "night", cron: "30 2 * * *", zone: "Europe/Berlin" };
      const { next } = await client.call("schedule.create", asked);
      assert.deepEqual(
        (next as number[]).map((one) => new Date(one).toISOString()),
        ["2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z", "2026-03-31T00:30:00.000Z"],
        "2:30 does not exist on the night of the change",
      );
      for (const cron of ["* * * *", "* * * * * *", "61 * * * *", "0 0 30 2 *", "@yearly"]) {
        await assert.rejects(client.call("schedule.create", { text: "x", cron }), {
          code: "malformed",
        });
      }
      const odd = { text: "x", cron: "* * * * *", zone: "Mars/Olympus" };
      await assert.rejects(client.call("schedule.create", odd), { code: "malformed" });
    }
    time.advance(5 * 24 * 60 * minute);
    await using at = await startBroker({}, options, folder);
    const [missed] = await saidSoFar(at.broker.store, alice, 1);
    assert.equal(missed?.text, "night\n(was due at 2026-03-29T01:00:00Z)");
    const [row] = await at.broker.store.read.jobs(alice.mesh, { kind: "schedule" });
    assert.equal(new Date(row?.dueAt ?? 0).toISOString(), "2026-04-03T00:30:00.000Z");
    assert.equal((await texts(at.broker.store, alice)).length, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Keeps reminders at a broker that stops, and answers who they are for. */
async function leave(folder: string, time: VirtualTime, count: number): Promise<TestMember> {
  await using at = await startBroker({}, { now: time.now, timer: time.timer }, folder);
  const alice = await foundMesh(at.url, "lab", time.now);
  const { store } = at.broker;
  const kept = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      store.write.putJob({ ...reminder(alice, n, start + n), most: count, at: start }),
    ),
  );
  assert.deepEqual(new Set(kept), new Set(["kept"]));
  const more = { ...reminder(alice, count, start), most: count, at: start };
  assert.equal(await store.write.putJob(more), "full");
  return alice;
}

const allSaid = (store: Store) =>
  eventually(
    async () => ((await store.read.nextDue("said")) === undefined ? true : undefined),
    "all said",
  );

function requireEach(found: readonly (string | undefined)[], count: number): void {
  assert.equal(found.length, count);
  assert.equal(new Set(found).size, count);
}

test("10,000 schedules over a restart: each is said once", async () => {
  const count = 10_000;
  const time = new VirtualTime(start);
  const folder = newFolder();
  try {
    const alice = await leave(folder, time, count);
    time.advance(minute);
    await using at = await startBroker({}, { now: time.now, timer: time.timer }, folder);
    await allSaid(at.broker.store);
    requireEach(await texts(at.broker.store, alice), count);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("three nodes on one store say each thing once", async () => {
  const count = 500;
  const time = new VirtualTime(start);
  const folder = newFolder();
  const options = { now: time.now, timer: time.timer };
  try {
    const alice = await leave(folder, time, count);
    await using first = await startBroker({}, options, folder);
    const { store } = first.broker;
    const shared = { ...store, close: async () => {} };
    await using second = await startBroker({}, { ...options, store: shared });
    await using third = await startBroker({}, { ...options, store: shared });
    time.advance(minute);
    await allSaid(store);
    requireEach(await texts(store, alice), count);
    for (const { lines } of [first, second, third]) {
      assert.deepEqual(
        lines.filter((line) => line.includes("could not be done")),
        [],
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what its author may not say is not said: after a removal, and where only sealed messages are taken", async () => {
  const time = new VirtualTime(start);
  await using at = await startBroker({}, { now: time.now, timer: time.timer });
  const alice = await foundMesh(at.url, "lab", time.now);
  const client = await alice.connect();
  const { store } = at.broker;
  const cron = await client.call("schedule.create", { text: "each minute", cron: "* * * * *" });
  const entry = alice.next("policy", { requireE2E: true });
  await client.call("mesh.settings", { entry });
  await assert.rejects(client.call("schedule.create", { text: "x", inMs: 1 }), {
    code: "forbidden",
  });
  time.advance(minute);
  const stopped = await eventually(async () => {
    const [row] = await store.read.jobs(alice.mesh, { kind: "schedule" });
    return row?.stopped ?? undefined;
  }, "the schedule is stopped");
  assert.match(stopped, /end-to-end/);
  assert.deepEqual(await texts(store, alice), []);
  assert.deepEqual(await client.call("schedule.cancel", { id: cron.id }), { id: cron.id });
});
