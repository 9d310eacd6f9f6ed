import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { here } from "./claudemesh/broker-process.ts";
import { type Resources, temporaryFolder } from "./resources.ts";
import type { Row } from "./row.ts";
import { quantile } from "./stats.ts";

/** From spawn to exit of a Node process, in ms; the first run, which fills the compile cache, is not counted. */
async function startup(
  resources: Resources,
  name: string,
  args: readonly string[],
  reference: boolean,
): Promise<Row> {
  const home = temporaryFolder(resources);
  const env = { ...process.env, CLAUDEMESH_HOME: home };
  const once = (): number => {
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [...args], { env });
    if (status !== 0) throw new Error(`${name}: exit ${status}: ${stderr}`);
    return performance.now() - began;
  };
  once();
  return {
    name,
    reference,
    measure: async ({ ms }) => {
      const times: number[] = [];
      const start = performance.now();
      while (times.length < 5 || performance.now() - start < ms) times.push(once());
      return { "p50 ms": quantile(times, 0.5), "p99 ms": quantile(times, 0.99) };
    },
  };
}

/** Bare Node, and verbs of a checkout's command line beside it. */
export async function startups(resources: Resources, checkout = here): Promise<Row[]> {
  const cli = join(checkout, "apps/cli/bin/claudemesh.js");
  const ours = checkout === here;
  const name = ours ? "claudemesh" : "compared checkout";
  const rows = ours ? [await startup(resources, "node -e 0", ["-e", "0"], true)] : [];
  for (const verb of ["--version", "help", "list"]) {
    rows.push(await startup(resources, `${name} ${verb}`, [cli, verb], !ours));
  }
  return rows;
}
