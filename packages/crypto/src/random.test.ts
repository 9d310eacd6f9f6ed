import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRandom } from "./random.ts";

test("as many random bytes as are asked for, also more than the system gives at once", () => {
  for (const length of [0, 1, 24, 65_536, 65_537, 200_000]) {
    assert.equal(systemRandom(length).length, length);
  }
  assert.notDeepEqual(systemRandom(32), systemRandom(32));
  // No stretch of it is left as it was: 64 zeros in a row come once in 2^512.
  const many = systemRandom(200_000);
  for (let at = 0; at + 64 <= many.length; at += 64) {
    assert.ok(many.subarray(at, at + 64).some((byte) => byte !== 0));
  }
});
