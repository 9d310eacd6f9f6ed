import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { root } from "./run.ts";
import { type FileResult, runPool } from "./test-pool.ts";

/** No file takes half of this, also on a loaded machine. */
const deadlineMs = 8 * 60_000;

/** Runs test files, prints what each says, and exits where one failed. Where CI is set, a skipped test is a failure: CI can install what it needs. */
export async function nodeTests(name: string, patterns: readonly string[]): Promise<void> {
  const files = globSync([...patterns], { cwd: root }).sort();
  console.log(`\n== ${name}: ${files.length} files`);
  const start = performance.now();
  // Many tests wait for disks and other processes: one file more at a time than there are cores keeps them busy.
  const jobs = availableParallelism() + 1;
  const results = await runPool(files, { jobs, deadlineMs, done: print });
  const sum = (of: (result: FileResult) => number) => results.reduce((all, r) => all + of(r), 0);
  const failed = results.filter((result) => result.failed !== undefined);
  const skipped = sum((result) => result.skipped);
  for (const { file, failed: why, printed } of failed) {
    const from = printed.indexOf("✖ failing tests:");
    console.error(`\n✖ ${file}: ${why}\n${from === -1 ? "" : printed.slice(from)}`);
  }
  const slowest = [...results].sort((a, b) => b.seconds - a.seconds).slice(0, 10);
  console.log("\nslowest files:");
  for (const { file, seconds } of slowest) console.log(`  ${seconds.toFixed(1)} s  ${file}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const counts = `tests ${sum((r) => r.tests)} pass ${sum((r) => r.passed)} skipped ${skipped}`;
  console.log(`\n== ${name}: ${counts}, files failed ${failed.length}, ${seconds} s`);
  if (skipped > 0) console.error(`${skipped} tests were skipped; each says why above.`);
  if (failed.length > 0 || (skipped > 0 && process.env.CI)) process.exit(1);
}

export const unitTests = ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"] as const;

/** A file's own lines without the runner's summary, which is printed once for all. */
function print({ file, seconds, printed, failed }: FileResult): void {
  const lines = printed
    .split("\n")
    .filter(
      (line) =>
        !/^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(line) &&
        line !== "",
    );
  const mark = failed === undefined ? "" : ` FAILED: ${failed}`;
  console.log([`-- ${file} ${seconds.toFixed(1)} s${mark}`, ...lines].join("\n"));
}
