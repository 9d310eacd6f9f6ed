import assert from "node:assert/strict";
import { test } from "node:test";
import { describeResult, runChaos } from "@claudemesh/testkit/chaos";
import { seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";

const seed = seedOfRun();

test(`where bits flip in transit no wrong text is shown, and nothing crashes (seed ${seed})`, async (t) => {
  const result = await runChaos({ seed, ms: 8_000, everyMs: 300, corrupts: true });
  const text = describeResult(result).join("\n");
  t.diagnostic(`seed ${seed}: ${describeResult(result).at(-1)}`);
  assert.ok(result.isGood, text);
  assert.ok((result.tried.get("network bit flips") ?? 0) > 0, text);
  assert.ok(result.report.shown > 0, text);
});
