import { join } from "node:path";
import type { Program } from "./program.ts";
import { replaceFile } from "./replace-file.ts";
import { shellQuote } from "./shell-quote.ts";

/** Where the home keeps a command that starts this program. */
export const launcherPath = (home: string): string => join(home, "bin", "claudemesh");

/** Writes the launcher: agents' shells call it where `claudemesh` is not on their PATH. */
export function writeLauncher(home: string, { node, entry }: Program): void {
  const path = launcherPath(home);
  const text = [
    "#!/bin/sh",
    `CLAUDEMESH_HOME=${shellQuote(home)} exec ${shellQuote(node)} ${shellQuote(entry)} "$@"`,
    "",
  ].join("\n");
  replaceFile(path, text, 0o700);
}
