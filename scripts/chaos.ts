// A broker and devices under seeded faults: npm run chaos -- --seed 7 --minutes 2
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { describeResult, runChaos } from "@claudemesh/testkit/chaos";

const { values } = parseArgs({
  options: { seed: { type: "string" }, minutes: { type: "string", default: "2" } },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
const minutes = Number(values.minutes);
if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) fail("--seed: an integer below 2^32");
if (!(minutes > 0 && minutes <= 24 * 60)) fail("--minutes: above 0, a day at most");

function fail(message: string): never {
  console.error(message);
  process.exit(3);
}

const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    process.exitCode = 128 + constants.signals[signal];
    ending.abort(new Error(`ended by ${signal}`));
  });
}

const start = performance.now();
const progress = (line: string) => {
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  process.stderr.write(`${seconds.padStart(7)} s  ${line}\n`);
};
console.log(`seed ${seed}`);
try {
  const result = await runChaos({ seed, ms: minutes * 60_000, progress, signal: ending.signal });
  console.log(describeResult(result).join("\n"));
  if (!result.isGood) process.exitCode = 1;
} catch (error) {
  console.error(String(error));
  process.exitCode ??= 1;
}
