// A broker under mixed load, and what it holds meanwhile: npm run soak -- --minutes 60
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { soak } from "@claudemesh/testkit/soak";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    "every-seconds": { type: "string", default: "30" },
  },
});
const minutes = Number(values.minutes);
const everySeconds = Number(values["every-seconds"]);
if (!(minutes > 0 && minutes <= 7 * 24 * 60)) fail("--minutes: above 0, a week at most");
if (!(everySeconds >= 0.1 && everySeconds <= 3_600)) fail("--every-seconds: 0.1 to 3600");

function fail(message: string): never {
  console.error(message);
  process.exit(3);
}

const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    process.exitCode = 128 + constants.signals[signal];
    ending.abort();
  });
}

const { lines, isGood } = await soak({
  ms: minutes * 60_000,
  everyMs: everySeconds * 1_000,
  progress: (line) => process.stderr.write(`${line}\n`),
  signal: ending.signal,
});
console.log(lines.join("\n"));
if (!isGood) process.exitCode ||= 1;
