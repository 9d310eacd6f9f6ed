import assert from "node:assert/strict";
import { test } from "node:test";
import { PushPace } from "./push-pace.ts";

test("a session gets so many pushes at once, then one every two seconds; each has its own", () => {
  let now = 0;
  const pace = new PushPace(() => now);
  let taken = 0;
  while (pace.take("a")) taken += 1;
  assert.equal(taken, 20);
  assert.equal(pace.take("b"), true);
  now += 1_999;
  assert.equal(pace.take("a"), false);
  now += 1;
  assert.equal(pace.take("a"), true);
  assert.equal(pace.take("a"), false);
  now += 3_600_000;
  taken = 0;
  while (pace.take("a")) taken += 1;
  assert.equal(taken, 20);
});
