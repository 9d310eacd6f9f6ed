import assert from "node:assert/strict";
import { test } from "node:test";
import { curve, growth, type Sample } from "./samples.ts";

const sample = (minutes: number, residentMiB: number): Sample => ({
  minutes,
  residentMiB,
  heapMiB: 20,
  files: 40,
  connections: 8,
  accepted: 10,
});

test("a process that keeps more and more is told from one that filled its caches", () => {
  const leaking = Array.from({ length: 20 }, (_, n) => sample(n, 100 + 20 * n));
  const steady = Array.from({ length: 20 }, (_, n) => sample(n, n < 3 ? 50 : 150 + (n % 3)));
  const resident = (one: Sample) => one.residentMiB;
  assert.ok(growth(leaking, resident) > 1.5);
  assert.ok(growth(steady, resident) < 1.05);
  assert.equal(growth([sample(0, 7)], resident), Number.NaN);
  assert.equal(curve(steady).length, 21);
});
