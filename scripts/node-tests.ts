import { step } from "./run.ts";

/** Runs test files with Node's runner. Where CI is set, a skipped test is a failure: CI can install what it needs. */
export async function nodeTests(name: string, patterns: readonly string[]): Promise<void> {
  const out = await step(name, "node", ["--test", "--test-reporter=spec", ...patterns]);
  const skipped = Number(/^ℹ skipped (\d+)/m.exec(out)?.[1] ?? 0);
  if (skipped === 0) return;
  console.error(`${skipped} tests were skipped; each says why above.`);
  if (process.env.CI) process.exit(1);
}

export const unitTests = ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"] as const;
