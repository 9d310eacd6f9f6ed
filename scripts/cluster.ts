// Nodes on PostgreSQL and NATS under every fault of the matrix, judged as one history: npm run cluster -- --nodes 2 --minutes 5
import { parseArgs } from "node:util";
import { clusterBugs, describeMatrix, runMatrix, tableOfMatrix } from "@claudemesh/testkit/cluster";
import { fail, timedProgress, untilAskedToEnd } from "./long-run.ts";

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "2" },
    minutes: { type: "string", default: "2" },
    seed: { type: "string" },
    only: { type: "string", default: "" },
    bug: { type: "string" },
  },
});
const nodes = Number(values.nodes);
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
const bug = clusterBugs.find((name) => name === values.bug);
if (!Number.isInteger(nodes) || nodes < 1 || nodes > 3) fail("--nodes: 1 to 3");
if (!(minutes > 0 && minutes <= 24 * 60)) fail("--minutes: above 0, a day at most");
if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) fail("--seed: an integer below 2^32");
if (values.bug !== undefined && bug === undefined) fail(`--bug: one of ${clusterBugs.join(", ")}`);

const progress = timedProgress();
const only = new RegExp(values.only);
try {
  const signal = untilAskedToEnd();
  const options = { nodes, seed, faultMs: 2_500, ms: minutes * 60_000, only, bug };
  const result = await runMatrix({ ...options, progress, signal });
  console.log([...describeMatrix(result), "", ...tableOfMatrix(result)].join("\n"));
  if (!result.isGood) process.exitCode = 1;
} catch (error) {
  console.error(String(error));
  process.exitCode ??= 1;
}
