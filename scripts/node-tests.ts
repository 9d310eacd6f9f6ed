import { step } from "./run.ts";

/** Runs test files with Node's runner. Where CI is set, a skipped test is a failure: CI can install what it needs. */
export async function nodeTests(name: string, patterns: readonly string[]): Promise<void> {
  // Most tests wait for other processes: two files at a time keep two cores busy.
  const flags = ["--test", "--test-concurrency=2", "--test-reporter=spec"];
  const out = await step(name, "node", [...flags, ...patterns]);
  const skipped = Number(/^ℹ skipped (\d+)/m.exec(out)?.[1] ?? 0);
  if (skipped === 0) return;
  console.error(`${skipped} tests were skipped; each says why above.`);
  if (process.env.CI) process.exit(1);
}

export const unitTests = ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"] as const;
