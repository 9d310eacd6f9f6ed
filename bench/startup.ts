import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Row } from "./row.ts";
import { quantile } from "./stats.ts";

const cli = join(dirname(import.meta.dirname), "apps/cli/bin/claudemesh.js");

/** From spawn to exit of a Node process, in ms; the first run, which fills the compile cache, is not counted. */
export function startup(name: string, args: readonly string[], reference: boolean): Row {
  const home = mkdtempSync(join(tmpdir(), "claudemesh-bench-"));
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
    close: async () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Bare Node, and three of our verbs beside it. */
export const startups = (): Row[] => [
  startup("node -e 0", ["-e", "0"], true),
  startup("claudemesh --version", [cli, "--version"], false),
  startup("claudemesh help", [cli, "help"], false),
  startup("claudemesh list", [cli, "list"], false),
];
