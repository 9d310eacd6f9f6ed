import assert from "node:assert/strict";
import { test } from "node:test";
import { traceParentOf } from "./trace-parent.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

test("a caller's trace is read, of versions to come as far as they are known", () => {
  const sampled = { traceId, spanId, traceFlags: 1 };
  assert.deepEqual(traceParentOf(`00-${traceId}-${spanId}-01`), sampled);
  assert.deepEqual(traceParentOf(`00-${traceId}-${spanId}-ff`), sampled);
  assert.deepEqual(traceParentOf(`00-${traceId}-${spanId}-00`), { ...sampled, traceFlags: 0 });
  assert.deepEqual(traceParentOf(`cc-${traceId}-${spanId}-01-what-will-be`), sampled);
});

test("what is not well-formed counts as none", () => {
  for (const header of [
    undefined,
    "",
    [`00-${traceId}-${spanId}-01`],
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-1`,
    `0-${traceId}-${spanId}-01`,
    ` 00-${traceId}-${spanId}-01`,
    `${"00-".repeat(10_000)}`,
  ]) {
    assert.equal(traceParentOf(header), undefined, String(header).slice(0, 80));
  }
});
