import assert from "node:assert/strict";
import { test } from "node:test";
import { age, length } from "./age.ts";

const now = 1_700_000_000_000;

test("a moment reads as seen from now", () => {
  for (const [at, text] of [
    [now, "just now"],
    [now - 1_999, "just now"],
    [now - 40_000, "40 s ago"],
    [now - 5 * 60_000, "5 min ago"],
    [now - 3 * 3_600_000, "3 h ago"],
    [now - 49 * 3_600_000, "2 d ago"],
    [now + 7 * 86_400_000 - 200, "in 7 d"],
    [now + 80_000, "in 1 min"],
  ] as const) {
    assert.equal(age(at, now), text);
  }
});

test("a length is rounded down", () => {
  assert.equal(length(59_999), "59 s");
  assert.equal(length(60_000), "1 min");
});
