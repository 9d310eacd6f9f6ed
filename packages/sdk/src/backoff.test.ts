import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { backoffMs } from "./backoff.ts";

const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 });

test("the wait is below its ceiling, whatever is drawn", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), bytes, (failures, drawn) => {
      const ms = backoffMs(failures, () => drawn);
      const ceiling = Math.min(30_000, 250 * 2 ** Math.min(Math.max(failures - 1, 0), 20));
      return Number.isInteger(ms) && ms >= 0 && ms < ceiling;
    }),
  );
});

test("the wait is spread over the whole range", () => {
  const at = (byte: number) => backoffMs(3, () => Uint8Array.of(byte, 0, 0, 0));
  assert.deepEqual([at(0), at(64), at(128), at(255)], [0, 250, 500, 996]);
});
