// Random courses beyond the suite's own seed, until the time is over or one fails: npm run hunt -- --minutes 30 [--only fuzz]
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fail, timedProgress, untilAskedToEnd } from "./long-run.ts";
import { unitTests } from "./node-tests.ts";
import { root } from "./run.ts";
import { runPool } from "./test-pool.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    only: { type: "string", default: "" },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) fail("--minutes: a number above 0");
const first = Number(values.seed);
if (!Number.isSafeInteger(first) || first < 0) fail("--seed: a whole number from 0");

const draws = /seedOfRun|fast-check|\bfuzz\(|store\/acceptance/;
const files = globSync([...unitTests, "tests/**/*.test.ts"], { cwd: root }).filter(
  (file) => file.includes(values.only) && draws.test(readFileSync(join(root, file), "utf8")),
);
if (files.length === 0) fail(`--only: no test that draws has "${values.only}" in its path`);

const tell = timedProgress();
const signal = untilAskedToEnd();
const end = performance.now() + minutes * 60_000;
let runs = 0;
for (let seed = first; performance.now() < end && !signal.aborted; seed++) {
  process.env.SEED = String(seed);
  const results = await runPool(files, {
    jobs: availableParallelism(),
    deadlineMs: 8 * 60_000,
    done: () => {},
  });
  const failed = results.filter(({ failed }) => failed !== undefined);
  for (const { file, printed } of failed)
    console.error(`SEED=${seed} node --import ./scripts/test-seed.ts --test ${file}\n${printed}`);
  runs++;
  tell(`seed ${seed}: ${files.length - failed.length} of ${files.length} files passed`);
  if (failed.length > 0) process.exit(1);
}
console.log(`${runs} seeds of ${files.length} files from ${first}: nothing found`);
