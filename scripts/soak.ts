// A broker under mixed load, and what it holds meanwhile: npm run soak -- --minutes 60
import { parseArgs } from "node:util";
import { soak } from "@claudemesh/testkit/soak";
import { fail, untilAskedToEnd } from "./long-run.ts";

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

const { lines, isGood } = await soak({
  ms: minutes * 60_000,
  everyMs: everySeconds * 1_000,
  progress: (line) => process.stderr.write(`${line}\n`),
  signal: untilAskedToEnd(),
});
console.log(lines.join("\n"));
if (!isGood) process.exitCode ||= 1;
