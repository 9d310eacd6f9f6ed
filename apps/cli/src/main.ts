import type { Host } from "./host.ts";
import { runLine } from "./runner/run-line.ts";
import { write } from "./terminal/output.ts";

/** Runs one command line and answers its exit code. What a verb goes without is loaded where it is needed. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  if (argv.length === 1 && argv[0] === "--version") {
    await write(host.stdout, `claudemesh ${host.version}\n`);
    return 0;
  }
  return runLine(argv, host);
}
