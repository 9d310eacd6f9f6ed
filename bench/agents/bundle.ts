import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { here } from "../claudemesh/broker-process.ts";
import { type Resources, temporaryFolder } from "../resources.ts";

const made = new WeakMap<Resources, string>();

/** The published command line, bundled from this checkout once per bench; answers the program's path. */
export function bundledProgram(resources: Resources): string {
  const known = made.get(resources);
  if (known !== undefined) return known;
  const folder = temporaryFolder(resources);
  const script = join(here, "scripts/bundle.ts");
  const { status, stderr } = spawnSync(process.execPath, [script, "--out", folder]);
  if (status !== 0) throw new Error(`the bundle was not made: ${stderr}`);
  const program = join(folder, "claudemesh.js");
  made.set(resources, program);
  return program;
}
