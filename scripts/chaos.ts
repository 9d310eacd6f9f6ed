// A broker and devices under seeded faults: npm run chaos -- --seed 7 --minutes 2
// The last metre, with agent sessions: npm run chaos -- --agents --seed 7 --messages 2000
import { parseArgs } from "node:util";
import { describeResult, runChaos } from "@claudemesh/testkit/chaos";
import { describeAgentsResult, runAgentsChaos } from "@claudemesh/testkit/chaos-agents";
import { fail, timedProgress, untilAskedToEnd } from "./long-run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    minutes: { type: "string", default: "2" },
    agents: { type: "boolean", default: false },
    messages: { type: "string", default: "2000" },
    kills: { type: "string" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
const minutes = Number(values.minutes);
const messages = Number(values.messages);
const kills = Number(values.kills ?? Math.ceil(messages / 20));
if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) fail("--seed: an integer below 2^32");
if (!(minutes > 0 && minutes <= 24 * 60)) fail("--minutes: above 0, a day at most");
if (!Number.isInteger(messages) || messages < 4) fail("--messages: an integer from 4");
if (!Number.isInteger(kills) || kills < 0) fail("--kills: an integer from 0");

const progress = timedProgress();
async function run(): Promise<{ readonly lines: readonly string[]; readonly isGood: boolean }> {
  const signal = untilAskedToEnd();
  if (values.agents) {
    const result = await runAgentsChaos({ seed, messages, kills, progress, signal });
    return { lines: describeAgentsResult(result), isGood: result.isGood };
  }
  const result = await runChaos({ seed, ms: minutes * 60_000, progress, signal });
  return { lines: describeResult(result), isGood: result.isGood };
}

console.log(`seed ${seed}`);
try {
  const { lines, isGood } = await run();
  console.log(lines.join("\n"));
  if (!isGood) process.exitCode = 1;
} catch (error) {
  console.error(String(error));
  process.exitCode ??= 1;
}
