import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOf, type JobId } from "@claudemesh/protocol";
import type { JobRow } from "../jobs-port.ts";
import type { Store } from "../port.ts";
import type { NewEntry } from "../writing/log-appender.ts";
import {
  creation,
  day,
  member,
  mesh,
  messageId,
  otherMesh,
  rosterAppend,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const jobId = (n: number) =>
  `job_00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}` as JobId;

const job = (n: number, over: Partial<JobRow> = {}): JobRow => ({
  mesh,
  id: jobId(n),
  kind: "schedule",
  author: member(1),
  spec: `{"n":${n}}`,
  secret: null,
  state: "{}",
  createdAt: start + n,
  lane: "said",
  dueAt: start + n,
  plannedAt: start + n,
  fails: 0,
  stopped: null,
  ...over,
});

const put = (store: Store, row: JobRow, most = 100) =>
  store.write.putJob({ ...row, most, at: row.createdAt });

const entry = (n: number): NewEntry => ({
  id: messageId(n),
  kind: "plain",
  sender: member(1),
  audience: audienceOf(member(1)),
  at: start,
  expiresAt: start + day,
  body: `{"text":"${n}"}`,
});

const place = { mesh, at: start };

/** What a broker does by itself for members. */
export function acceptJobs(withStore: WithStore): void {
  test("jobs are due in order and by lane, across meshes, and survive a restart", async () => {
    await withStore(async (store, reopen) => {
      await store.write.createMesh(creation(otherMesh));
      const kept = [
        job(3),
        job(1, { mesh: otherMesh, author: member(9), secret: "sealed" }),
        job(2, { lane: "outside", kind: "watch" }),
        job(4, { dueAt: null, plannedAt: null, kind: "webhook" }),
        job(5, { dueAt: start + day }),
      ];
      for (const row of kept) assert.equal(await put(store, row), "kept");
      assert.equal(await put(store, job(3)), "taken");
      assert.equal(await put(store, job(1)), "taken", "an id is one mesh's");
      assert.equal(await put(store, job(6), 2), "full");
      const again = await reopen();
      const due = (lane: JobRow["lane"], by: number) => again.read.dueJobs({ lane, by, limit: 10 });
      assert.deepEqual(await due("said", start + 10), [kept[1], kept[0]]);
      assert.deepEqual(await due("said", start + 2), [kept[1]]);
      assert.deepEqual(await due("outside", start + day), [kept[2]]);
      assert.equal(await again.read.nextDue("said"), start + 1);
      assert.equal(await again.read.nextDue("clock"), undefined);
      assert.deepEqual(await again.read.job(jobId(4)), kept[3]);
      assert.equal(await again.read.job(jobId(99)), undefined);
      const own = await again.read.jobs(mesh, { kind: "schedule", author: member(1) });
      assert.deepEqual(own, [kept[0], kept[4]]);
      assert.deepEqual(await again.read.jobs(mesh, { kind: "schedule", author: member(2) }), []);
    });
  });

  test("of many that settle what is due one does, and what it says is in the log once", async () => {
    await withStore(async (store) => {
      await put(store, job(1));
      const next = { dueAt: start + day, plannedAt: start + day, state: '{"a":1}', fails: 2 };
      const settle = (n: number) =>
        store.write.settleJob({
          ...place,
          id: jobId(1),
          dueAt: start + 1,
          next,
          entries: [entry(n)],
        });
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => settle(n)));
      assert.equal(outcomes.filter((one) => one === "settled").length, 1);
      const query = { after: 0, upTo: 1_000, audiences: [audienceOf(member(1))], limit: 100 };
      assert.equal((await store.read.log(mesh, query)).length, 1);
      assert.deepEqual(await store.read.job(jobId(1)), { ...job(1), ...next });
      const end = { ...place, id: jobId(1), entries: [] };
      assert.equal(await store.write.settleJob({ ...end, dueAt: start, next: null }), "moved");
      const other = { ...end, dueAt: start + day, was: '{"a":2}' };
      assert.equal(await store.write.settleJob({ ...other, next: null }), "moved");
      assert.equal(await store.write.settleJob({ ...other, next: { dueAt: null } }), "moved");
      const taking = Array.from({ length: 10 }, (_, n) =>
        store.write.settleJob({
          ...{ ...end, dueAt: start + day, was: '{"a":1}' },
          next: { dueAt: start + day, state: `{"by":${n}}` },
        }),
      );
      const taken = await Promise.all(taking);
      assert.equal(
        taken.filter((one) => one === "settled").length,
        1,
        "the time stays, one has it",
      );
      const over = { ...end, dueAt: start + day, next: { dueAt: null, stopped: "enough" } };
      assert.equal(await store.write.settleJob(over), "settled");
      assert.equal((await store.read.job(jobId(1)))?.stopped, "enough");
      assert.equal(await store.write.settleJob({ ...end, dueAt: null, next: null }), "settled");
      assert.equal(await store.read.job(jobId(1)), undefined);
    });
  });

  test("a job is taken away by who may, and with its author; a clock is everyone's", async () => {
    await withStore(async (store) => {
      const others = { author: member(2) };
      await put(store, job(1, others));
      await put(store, job(2, { ...others, kind: "webhook" }));
      await put(store, job(3, { ...others, kind: "clock", lane: "clock" }));
      await put(store, job(4));
      const take = { ...place, id: jobId(1), kind: "schedule" } as const;
      assert.equal(await store.write.deleteJob({ ...take, author: member(1) }), false);
      assert.equal(await store.write.deleteJob({ ...take, kind: "watch" }), false);
      assert.equal(await store.write.deleteJob({ ...take, id: jobId(4) }), true);
      const removal = { type: "remove", body: { member: member(2) } } as never;
      await store.write.appendRoster(rosterAppend(1, removal));
      assert.equal(await store.read.job(jobId(1)), undefined);
      assert.equal(await store.read.job(jobId(2)), undefined);
      assert.equal((await store.read.job(jobId(3)))?.kind, "clock");
    });
  });
}
