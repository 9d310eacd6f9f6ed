import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeshId } from "@claudemesh/protocol";
import {
  creation,
  hashOf,
  member,
  mesh,
  message,
  otherMesh,
  profile,
  range,
  start,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import type { LogEntry, Store } from "../../apps/broker/src/store/port.ts";
import { openPostgresStore } from "../../apps/broker/src/store/postgres/open.ts";
import { systemTimer, type Timer } from "../../apps/broker/src/timer.ts";
import { SeededNumbers, seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";
import { HeldBackBus } from "./held-back-bus.ts";
import { cluster, skip } from "./postgres-cluster.ts";
import { UnreliableBus } from "./unreliable-bus.ts";

const running = cluster();
const writes = 160;
/** longer than what a signal carries */
const large = "x".repeat(200_000);

/** What a store tells of a log, and when it has told of the entry at a seq. */
function follow(store: Store, of: MeshId) {
  const told: LogEntry[] = [];
  const waits: { readonly seq: number; readonly resolve: () => void }[] = [];
  store.onAppend((where, entries) => {
    if (where !== of) return;
    told.push(...entries);
    for (const { seq, resolve } of waits) if (entries.some((entry) => entry.seq >= seq)) resolve();
  });
  const reached = (seq: number) =>
    new Promise<void>((resolve) => {
      if ((told.at(-1)?.seq ?? 0) >= seq) resolve();
      else waits.push({ seq, resolve });
    });
  return { told, reached };
}

/** Something of the kind that this number falls on; one that changes who reads what, and one that no signal carries, are among them. */
function write(store: Store, within: MeshId, n: number, kind: number): Promise<unknown> {
  if (kind === 0) {
    const { statement } = profile(member(3), n, 0, within);
    const groups = [["a/b"], ["a"], []][n % 3] ?? [];
    const stated = { ...statement, fields: { ...statement.fields, groups } };
    const own = { statement: stated, hash: hashOf(90_000 + n) };
    const at = { at: start, expiresAt: start + 1 };
    return store.write.appendProfile({ mesh: within, rosterSeq: 99, profile: own, ...at });
  }
  const body = kind === 1 ? JSON.stringify({ large }) : `{"n":${n},"of":"ä🦊\\n"}`;
  return store.write.appendMessage(message(n, { mesh: within, body }));
}

const asRead = ({ moves, ...entry }: LogEntry) => ({
  ...entry,
  moves: moves?.map((move) => JSON.stringify(move)).sort(),
});

test("whoever is told by signals that get lost, come twice and out of order tells what the log has, as one does who only reads", {
  skip,
}, async () => {
  const { server, databases } = running();
  const url = server.url(await databases.create());
  const numbers = new SeededNumbers(seedOfRun());
  const bus = new UnreliableBus(numbers);
  const open = (isDeaf = false) =>
    openPostgresStore({
      ...{ url, now: Date.now, timer: systemTimer, lookMs: 60, bus: bus.join(isDeaf) },
    });
  const [one, two, three, reader] = [await open(), await open(), await open(), await open(true)];
  const stores = [one, two, three, reader];
  const meshes = [mesh, otherMesh];
  const told = new Map(meshes.map((of) => [of, stores.map((store) => follow(store, of))] as const));
  try {
    for (const of of meshes) await one.write.createMesh(creation(of));
    const under: Promise<unknown>[] = [];
    for (const n of range(1, writes)) {
      const store = numbers.next(2) === 0 ? one : two;
      under.push(write(store, meshes[numbers.next(2)] as MeshId, n, numbers.next(24)));
      // Some go in one commit, others follow an answer.
      if (numbers.next(3) === 0) await under.at(-1);
    }
    await Promise.all(under);
    for (const [of, followers] of told) {
      const head = (await one.read.mesh(of))?.headSeq ?? 0;
      assert.ok(head > 20, String(head));
      for (const { reached } of followers) await reached(head);
      const [oracle] = followers.slice(-1);
      const truth = oracle?.told.map(asRead) ?? [];
      assert.deepEqual(
        truth.map(({ seq }) => seq),
        range(1, head),
      );
      for (const follower of followers) assert.deepEqual(follower.told.map(asRead), truth);
    }
    for (const [fate, count] of Object.entries(bus.fates)) assert.ok(count > 0, fate);
  } finally {
    for (const store of stores) await store.close();
  }
});

test("an entry that another node's overtakes waits for it, and what never comes is read", {
  skip,
}, async () => {
  const { server, databases } = running();
  const url = server.url(await databases.create());
  const bus = new HeldBackBus();
  const waits = new Set<() => void>();
  const timer: Timer = {
    every: systemTimer.every,
    after(_, run) {
      waits.add(run);
      return () => waits.delete(run);
    },
  };
  const open = () =>
    openPostgresStore({ url, now: Date.now, timer, lookMs: 3_600_000, bus: bus.join() });
  const [one, two] = [await open(), await open()];
  const { told, reached } = follow(two, mesh);
  const seqs = () => told.map(({ seq }) => seq);
  let n = 0;
  const append = async (store: Store) => {
    n += 1;
    const outcome = await store.write.appendMessage(message(n));
    assert.equal(outcome.result, "accepted");
    return outcome.result === "accepted" ? outcome.seq : 0;
  };
  try {
    await one.write.createMesh(creation());
    bus.release();
    const first = await append(one);
    const own = [await append(two), await append(two)];
    assert.equal(seqs().includes(own[0] as number), false, "something is missing before it");
    assert.equal(waits.size, 1, "one wait, however much waits behind it");
    bus.release();
    assert.deepEqual(seqs(), range(1, own[1] as number), "told from memory, in order");
    assert.ok(seqs().includes(first));
    assert.equal(waits.size, 0);

    await append(one);
    bus.lose();
    const behind = await append(two);
    const [wait] = waits;
    wait?.();
    await reached(behind);
    assert.deepEqual(seqs(), range(1, behind), "read, as nothing came");

    await append(one);
    bus.lose();
    bus.isUp = false;
    waits.clear();
    const last = await append(two);
    await reached(last);
    assert.deepEqual(seqs(), range(1, last), "read at once: without a bus nothing comes");
    assert.equal(waits.size, 0);
  } finally {
    for (const store of [one, two]) await store.close();
  }
});
