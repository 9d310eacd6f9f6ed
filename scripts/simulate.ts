// Broker and devices in virtual time, one course per seed: npm run simulate -- --seeds 2000
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { type Bug, bugs, type Course, Tally } from "@claudemesh/testkit/simulation";
import { fail } from "./long-run.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    bug: { type: "string" },
    jobs: { type: "string", default: String(Math.min(2, availableParallelism())) },
  },
});
const whole = (name: "seeds" | "from" | "seed" | "jobs", least: number): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value < 2 ** 32) return value;
  return fail(`--${name}: an integer from ${least}, below 2^32`);
};
const from = values.seed === undefined ? whole("from", 0) : whole("seed", 0);
const seeds = values.seed === undefined ? whole("seeds", 1) : 1;
const jobs = Math.min(seeds, whole("jobs", 1));
const bug = values.bug as Bug | undefined;
if (bug !== undefined && !bugs.includes(bug)) fail(`--bug: one of ${bugs.join(", ")}`);

const start = performance.now();
const tally = new Tally();
let next = from;

function take({ told, ...course }: Course): void {
  tally.add(course);
  if (told.length > 0) console.log(told.join("\n"));
  if (tally.seeds % 100 !== 0 && tally.seeds !== seeds) return;
  const seconds = (performance.now() - start) / 1_000;
  const rate = (tally.seeds / seconds).toFixed(1);
  process.stderr.write(
    `${seconds.toFixed(1).padStart(7)} s  ${tally.seeds} of ${seeds} seeds, ${rate} a second, ${tally.failed.length} failed\n`,
  );
}

/** One thread, which is given a seed whenever it has ended the one before. */
const work = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./simulate-worker.ts", import.meta.url));
    const give = () => {
      if (next >= from + seeds) return void worker.terminate().then(() => resolve());
      worker.postMessage({ seed: next++, bug });
    };
    worker.on("message", (course: Course) => {
      take(course);
      give();
    });
    worker.once("error", reject);
    give();
  });

await Promise.all(Array.from({ length: jobs }, work));
console.log(tally.describe().join("\n"));
if (tally.failed.length > 0) process.exitCode = 1;
