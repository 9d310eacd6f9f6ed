import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type ChaosOptions, describeResult, runChaos } from "@claudemesh/testkit/chaos";
import { lostOf } from "@claudemesh/testkit/history";
import { seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";

const seed = seedOfRun();

async function run(t: TestContext, options: ChaosOptions) {
  t.diagnostic(`seed ${options.seed}`);
  const result = await runChaos(options);
  const lines = describeResult(result);
  t.diagnostic(lines.at(-1) ?? "");
  return { ...result, text: lines.join("\n") };
}

test(`under faults nothing acknowledged is lost, doubled, reordered or untold (seed ${seed})`, async (t) => {
  const { isGood, report, tried, text } = await run(t, {
    seed,
    ms: 8_000,
    least: 21,
    everyMs: 400,
  });
  assert.ok(isGood, text);
  assert.ok(report.acknowledged > 20, text);
  assert.ok(tried.size > 3, text);
});

test("a broker that replies before it writes is found to lose messages", async (t) => {
  const options = { seed: 4, ms: 5_000, everyMs: 300, gapMs: 10, bug: "early-reply" } as const;
  const { isGood, report } = await run(t, options);
  assert.ok(lostOf(report).length > 0);
  assert.ok(!isGood);
});

test("a device that does not say again is found to show messages twice", async (t) => {
  const options = { seed: 5, ms: 3_000, everyMs: 1_000, bug: "hide-again" } as const;
  const { isGood, report } = await run(t, options);
  assert.ok(report.duplicated.length > 0);
  assert.ok(!isGood);
});

test("a device that confirms nothing is found: its senders are not told, and it is never done", async (t) => {
  const options = { seed: 6, ms: 2_000, everyMs: 500, bug: "skip-confirm" } as const;
  const { isGood, findings } = await run(t, options);
  assert.ok(!isGood);
  assert.ok(findings.some((line) => /not drained: .* toShow/.test(line)));
  assert.ok(findings.some((line) => /takes it for stored/.test(line)));
});
