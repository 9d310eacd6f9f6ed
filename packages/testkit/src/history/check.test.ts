import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkHistory, isClean, lostOf } from "./check.ts";
import type { HistoryEvent, Report } from "./event.ts";
import { History } from "./history.ts";

/** A history in which each value is said to go from alice to bob, be acknowledged in order, stored and shown. */
function honest(values: readonly string[]): HistoryEvent[] {
  const history = new History(() => 0);
  for (const [seq, value] of values.entries()) {
    history.record("alice#1", { kind: "attempt", value, from: "alice", to: "bob" });
    history.record("alice#1", { kind: "acknowledged", value, id: `id ${value}`, seq });
  }
  for (const value of values) {
    history.record("bob#1", { kind: "received", value, by: "bob", id: `id ${value}` });
    history.record("bob#1", shown(value));
  }
  return [...history.events];
}

const shown = (value: string, over: { by?: string; id?: string; again?: boolean } = {}) => ({
  kind: "shown" as const,
  value,
  by: "bob",
  id: `id ${value}`,
  again: false,
  ...over,
});
const said = (report: Report): HistoryEvent => ({ at: 1, process: "later", ...report });
const values = ["a", "b", "c", "d", "e"];
const isShown = (event: HistoryEvent, value: string) =>
  event.kind === "shown" && event.value === value;
const without = (events: readonly HistoryEvent[], gone: readonly string[]) =>
  events.filter((event) => !gone.some((value) => isShown(event, value)));

test("an honest history is clean", () => {
  const report = checkHistory(honest(values));
  assert.ok(isClean(report));
  const { attempts, acknowledged, shown } = report;
  assert.deepEqual({ attempts, acknowledged, shown }, { attempts: 5, acknowledged: 5, shown: 5 });
  assert.ok(isClean(checkHistory([])));
});

test("loss is found, and where it was", () => {
  const report = checkHistory(without(honest(values), ["a", "c", "e"]));
  assert.deepEqual(report.lost, { prefix: ["a"], middle: ["c"], postfix: ["e"] });
  assert.deepEqual(checkHistory(without(honest(values), values)).lost.postfix, values);
  assert.ok(!isClean(report));
});

test("a message stored and never shown is lost", () => {
  const events = without(honest(["a"]), ["a"]);
  assert.ok(events.some(({ kind }) => kind === "received"));
  assert.deepEqual(lostOf(checkHistory(events)), ["a"]);
});

test("a second showing is a duplicate unless it says again", () => {
  const twice = checkHistory([...honest(values), said(shown("b"))]);
  assert.deepEqual(twice.duplicated, ["b"]);
  assert.ok(!isClean(twice));
  const told = checkHistory([...honest(values), said(shown("b", { again: true }))]);
  assert.ok(isClean(told));
  assert.equal(told.again, 1);
  const stored = said({ kind: "received", value: "d", by: "bob", id: "id d" });
  assert.deepEqual(checkHistory([...honest(values), stored]).duplicated, ["d"]);
});

test("what nobody sent, a wrong recipient and a wrong id are unexpected", () => {
  const strangers = [shown("z"), shown("a", { by: "carol" }), shown("b", { id: "x", again: true })];
  const report = checkHistory([...honest(values), ...strangers.map(said)]);
  assert.deepEqual(report.unexpected, ["z", "a", "b"]);
  assert.ok(!isClean(report));
});

test("a swap is found; other pairs and repeats do not count", () => {
  const swapped = without(honest(values), ["b", "c"]);
  const at = swapped.findIndex((event) => isShown(event, "d"));
  swapped.splice(at, 0, said(shown("c")), said(shown("b")));
  const report = checkHistory(swapped);
  assert.deepEqual(report.reordered, ["b"]);
  assert.ok(!isClean(report));
  assert.deepEqual(
    checkHistory([...honest(values), said(shown("a", { again: true }))]).reordered,
    [],
  );
});

test("a process that ends leaves doubt; what arrives all the same is recovered", () => {
  const history = new History(() => 0);
  for (const value of ["a", "b"])
    history.record("alice#1", { kind: "attempt", value, from: "alice", to: "bob" });
  history.record("alice#1", { kind: "acknowledged", value: "a", id: "id a", seq: 1 });
  history.ended("alice#1");
  history.ended("alice#1");
  assert.deepEqual(
    history.of("b").map(({ kind }) => kind),
    ["attempt", "in_doubt"],
  );
  history.record("bob#1", shown("a"));
  assert.deepEqual(checkHistory(history.events).recovered, []);
  assert.ok(isClean(checkHistory(history.events)));
  history.record("bob#1", shown("b"));
  assert.deepEqual(checkHistory(history.events).recovered, ["b"]);
});

test("what was called failed must not arrive, and a value is attempted once", () => {
  const failed = said({ kind: "failed", value: "a", why: "no such member" });
  assert.deepEqual(checkHistory([...honest(values), failed]).contradicted, ["a"]);
  const attempt = said({ kind: "attempt", value: "a", from: "alice", to: "bob" });
  assert.throws(() => checkHistory([...honest(values), attempt]), /twice/);
});

const some = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), {
  minLength: 2,
  maxLength: 30,
});

test("any honest history is clean, and exactly the values that are taken out are lost", () => {
  fc.assert(
    fc.property(some, fc.infiniteStream(fc.boolean()), (all, coins) => {
      assert.ok(isClean(checkHistory(honest(all))));
      const gone = all.filter(() => coins.next().value);
      const report = checkHistory(without(honest(all), gone));
      assert.deepEqual(new Set(lostOf(report)), new Set(gone));
      assert.equal(lostOf(report).length, gone.length);
    }),
  );
});

test("any swap, duplicate or stranger in any honest history is found", () => {
  fc.assert(
    fc.property(some, fc.nat(), fc.nat(), (all, first, second) => {
      const i = first % all.length;
      const j = second % all.length;
      fc.pre(i !== j);
      const order = [...all];
      [order[i], order[j]] = [all[j] as string, all[i] as string];
      const sent = honest(all).filter(({ kind }) => kind !== "shown");
      assert.ok(!isClean(checkHistory([...sent, ...order.map((value) => said(shown(value)))])));
      const twice = checkHistory([...honest(all), said(shown(all[i] as string))]);
      assert.deepEqual(twice.duplicated, [all[i]]);
      const stranger = checkHistory([...honest(all), said(shown("0123456789"))]);
      assert.deepEqual(stranger.unexpected, ["0123456789"]);
    }),
  );
});
