import assert from "node:assert/strict";
import { test } from "node:test";
import { failpoints, formatFailpoint, parseFailpoint } from "./failpoints.ts";
import { seeded } from "./seeded.ts";

test("a failpoint ends the process at its passing, once, and others do not", () => {
  let deaths = 0;
  const pass = failpoints({ name: "append", passing: 2 }, () => {
    deaths += 1;
  });
  pass("append");
  pass("other");
  assert.equal(deaths, 0);
  for (let i = 0; i < 3; i++) pass("append");
  assert.equal(deaths, 1);
  failpoints(undefined, assert.fail)("append");
});

test("a failpoint is read back as it was written; an unknown one is refused", () => {
  const point = { name: "ack:before", passing: 12 };
  assert.deepEqual(parseFailpoint(formatFailpoint(point), ["ack:before"]), point);
  assert.equal(parseFailpoint("", ["ack:before"]), undefined);
  for (const wrong of ["ack:before", "ack:after:3", "ack:before:x"])
    assert.throws(() => parseFailpoint(wrong, ["ack:before"]), /no failpoint/);
});

test("the same seed draws the same, within its bounds", () => {
  const draw = (seed: number) => {
    const random = seeded(seed);
    const fork = random.fork();
    return Array.from({ length: 100 }, () => [random.between(2, 4), fork.below(3)]);
  };
  assert.deepEqual(draw(5), draw(5));
  assert.notDeepEqual(draw(5), draw(6));
  for (const [a = 0, b = 9] of draw(5)) assert.ok(a >= 2 && a <= 4 && b >= 0 && b < 3);
  assert.deepEqual(new Set(draw(5).map(([a]) => a)), new Set([2, 3, 4]));
  assert.throws(() => seeded(1).pick([]), RangeError);
});
