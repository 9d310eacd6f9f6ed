// The suite on a machine that stutters, until the time is over: npm run shake -- --minutes 30 [--only tests/cluster --only tests/cli] [--every 150]
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { fail, timedProgress, untilAskedToEnd } from "./long-run.ts";
import { unitTests } from "./node-tests.ts";
import { root } from "./run.ts";
import { Shaker } from "./shaker.ts";
import { runPool } from "./test-pool.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    every: { type: "string", default: "150" },
    jobs: { type: "string", default: String(availableParallelism() + 1) },
    only: { type: "string", multiple: true, default: [""] },
  },
});
const [minutes, everyMs, jobs] = [values.minutes, values.every, values.jobs].map(Number);
if (!(Number(minutes) > 0)) fail("--minutes: a number above 0");
if (!(Number(everyMs) >= 10)) fail("--every: milliseconds, 10 or more");
if (!Number.isInteger(jobs) || Number(jobs) < 1) fail("--jobs: a whole number from 1");

const files = globSync([...unitTests, "tests/**/*.test.ts"], { cwd: root })
  .filter((file) => values.only.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) fail(`--only: no test has "${values.only.join('" or "')}" in its path`);

const tell = timedProgress();
const signal = untilAskedToEnd();
const end = performance.now() + Number(minutes) * 60_000;
let [rounds, failures] = [0, 0];
for (let seed = 1; performance.now() < end && !signal.aborted; seed++) {
  using shaker = new Shaker({ seed, everyMs: Number(everyMs) });
  const results = await runPool(files, {
    jobs: Number(jobs),
    deadlineMs: 16 * 60_000,
    until: () => performance.now() < end && !signal.aborted,
    done: ({ file, failed, printed, seconds }) => {
      if (failed === undefined) return tell(`${file} ${seconds.toFixed(1)} s`);
      failures++;
      console.error(`${file}: ${failed}\n${printed}`);
    },
  });
  rounds++;
  tell(`round ${seed}: ${results.length} of ${files.length} files, ${shaker.stops} stops`);
}
console.log(`${rounds} rounds of ${files.length} files: ${failures} failures`);
if (failures > 0) process.exitCode = 1;
