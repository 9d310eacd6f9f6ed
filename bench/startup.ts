import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bundledProgram } from "./agents/bundle.ts";
import { childrenCpuMs } from "./agents/children-cpu.ts";
import { BenchHome } from "./agents/home.ts";
import { here } from "./claudemesh/broker-process.ts";
import { type Resources, temporaryFolder } from "./resources.ts";
import type { Row } from "./row.ts";
import { quantile } from "./stats.ts";

interface Started {
  readonly name: string;
  readonly args: readonly string[];
  readonly reference: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** what it reads on standard input */
  readonly input?: string;
}

/** From spawn to exit of a Node process, in ms; the first run, which fills the compile cache, is not counted. */
function startup({ name, args, reference, env = {}, input = "" }: Started): Row {
  const once = (): number => {
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [...args], {
      env: { ...process.env, ...env },
      input,
    });
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
      const cpu = childrenCpuMs();
      while (times.length < 5 || performance.now() - start < ms) times.push(once());
      return {
        "p50 ms": quantile(times, 0.5),
        "p99 ms": quantile(times, 0.99),
        "CPU ms": (childrenCpuMs() - cpu) / times.length,
      };
    },
  };
}

/** Bare Node, and verbs of a checkout's command line beside it. */
export async function startups(resources: Resources, checkout = here): Promise<Row[]> {
  const cli = join(checkout, "apps/cli/bin/claudemesh.js");
  const ours = checkout === here;
  const name = ours ? "claudemesh" : "compared checkout";
  const env = { CLAUDEMESH_HOME: temporaryFolder(resources) };
  const rows = ours ? [bareNode()] : [];
  for (const verb of ["--version", "help", "list"]) {
    rows.push(startup({ name: `${name} ${verb}`, args: [cli, verb], reference: !ours, env }));
  }
  return rows;
}

/** Reference: what Node itself takes. */
export const bareNode = (): Row =>
  startup({ name: "node -e 0", args: ["-e", "0"], reference: true });

/** The published bundle: a verb through a daemon that runs, and an agent's hook. */
export async function bundledStartups(resources: Resources): Promise<Row[]> {
  const program = bundledProgram(resources);
  const home = new BenchHome(resources);
  await home.run(["daemon", "start"]);
  const hook = { session_id: "bench", hook_event_name: "PostToolBatch", cwd: home.folder };
  const verb = (word: string, input = ""): Row =>
    startup({
      name: `bundle: claudemesh ${word}`,
      args: [program, word],
      reference: false,
      env: home.env,
      input,
    });
  return [
    ...["--version", "help", "list"].map((word) => verb(word)),
    verb("hook", JSON.stringify(hook)),
  ];
}
