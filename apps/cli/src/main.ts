import type { Host } from "./host.ts";
import { write } from "./terminal/output.ts";

/** Runs one command line and answers its exit code. Loads only what that line needs. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  if (argv.length === 1 && argv[0] === "--version") {
    await write(host.stdout, `claudemesh ${host.version}\n`);
    return 0;
  }
  const { runLine } = await import("./runner/run-line.ts");
  return runLine(argv, host);
}
