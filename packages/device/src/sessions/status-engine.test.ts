import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionStatus, StatusSource } from "@claudemesh/protocol";
import fc from "fast-check";
import { PendingStatuses, report, type Standing, statusTimes, sweep } from "./status-engine.ts";

const statuses: readonly SessionStatus[] = ["idle", "working", "dnd"];
const sources: readonly StatusSource[] = ["hook", "manual", "jsonl"];
const start: Standing = { status: "idle", source: "jsonl", since: 0, heardAt: 0 };
const { freshMs, pendingMs, workingMs } = statusTimes;

/** Every report so far, judged by the rules as they are written down, from the first on. */
class Judge {
  readonly #heard: { status: SessionStatus; source: StatusSource; at: number }[] = [];
  readonly #sweeps: number[] = [];

  report(status: SessionStatus, source: StatusSource, at: number): void {
    this.#heard.push({ status, source, at });
  }

  sweep(at: number): void {
    this.#sweeps.push(at);
  }

  get now() {
    let [status, source, since, said]: [SessionStatus, StatusSource, number, number] = [
      "idle",
      "jsonl",
      0,
      0,
    ];
    const steps = [
      ...this.#heard.map((one) => ({ ...one, sweep: false })),
      ...this.#sweeps.map((at) => ({ at, sweep: true, status, source })),
    ].sort((a, b) => a.at - b.at);
    for (const step of steps) {
      if (step.sweep) {
        if (status === "working" && step.at >= said + workingMs)
          [status, since, said] = ["idle", step.at, step.at];
        continue;
      }
      const isChange = step.status !== status;
      const isNoLower = sources.indexOf(step.source) <= sources.indexOf(source);
      const isStale = step.at >= said + freshMs;
      if (isChange) since = step.at;
      if (isChange || isNoLower || isStale)
        [status, source, said] = [step.status, step.source, step.at];
    }
    return { status, source, since, heardAt: said };
  }
}

test("whatever is reported and however time passes, the rules hold", () => {
  const step = fc.record({
    // Distinct times, so that the judge may sort.
    after: fc.integer({ min: 1, max: 2 * freshMs }),
    what: fc.oneof(
      fc.constant("sweep" as const),
      fc.record({ status: fc.constantFrom(...statuses), source: fc.constantFrom(...sources) }),
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const judge = new Judge();
      let standing = start;
      let now = 0;
      for (const { after, what } of steps) {
        now += after;
        if (what === "sweep") {
          judge.sweep(now);
          standing = sweep(standing, now);
        } else {
          judge.report(what.status, what.source, now);
          standing = report(standing, what, now);
        }
        assert.deepEqual(standing, judge.now);
        assert.ok(standing.since <= standing.heardAt && standing.heardAt <= now);
      }
    }),
    { numRuns: 300 },
  );
});

test("the same from a lower source is kept back while fresh, then taken; from a higher one it is taken at once", () => {
  const hook = report(start, { status: "working", source: "hook" }, 1_000);
  assert.equal(report(hook, { status: "working", source: "manual" }, 1_000 + freshMs - 1), hook);
  const lower = report(hook, { status: "working", source: "manual" }, 1_000 + freshMs);
  assert.deepEqual([lower.source, lower.since], ["manual", 1_000]);
  assert.equal(report(lower, { status: "working", source: "hook" }, 70_000).source, "hook");
  assert.equal(report(hook, { status: "idle", source: "jsonl" }, 1_001).source, "jsonl");
});

test("working ends by itself; the others stay", () => {
  const working = report(start, { status: "working", source: "hook" }, 0);
  assert.equal(sweep(working, workingMs - 1), working);
  assert.deepEqual(sweep(working, workingMs), {
    status: "idle",
    source: "hook",
    since: workingMs,
    heardAt: workingMs,
  });
  const again = report(working, { status: "working", source: "hook" }, 1_000);
  assert.equal(sweep(again, workingMs), again, "saying it again makes it last");
  const dnd = report(start, { status: "dnd", source: "manual" }, 0);
  assert.equal(sweep(dnd, 10 * workingMs), dnd);
});

test("a status waits for its session for ten seconds, the newest of several", () => {
  const pending = new PendingStatuses();
  pending.put("a", { status: "working", source: "hook" }, 0);
  pending.put("a", { status: "dnd", source: "manual" }, 1);
  assert.equal(pending.take("a", pendingMs)?.status, "dnd");
  assert.equal(pending.take("a", 1), undefined);
  pending.put("b", { status: "dnd", source: "manual" }, 0);
  pending.sweep(pendingMs);
  assert.equal(pending.take("b", 1), undefined);
});
