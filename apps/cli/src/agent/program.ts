import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Host } from "../host.ts";

/** How this very program is started again from anywhere: agents keep this line, and their PATH may hold neither Node nor us. */
export interface Program {
  readonly node: string;
  readonly entry: string;
  /** the home, where it is not the one that the program finds by itself */
  readonly home: string | undefined;
}

export const programOf = (host: Host): Program => ({
  node: host.program.node,
  entry: host.program.entry,
  home: host.home === host.program.defaultHome ? undefined : host.home,
});

/** One command as agents' configuration files want it: a file to run and its arguments, no shell between. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/** The command that runs `verb` of this program with this home. */
export const commandOf = ({ node, entry, home }: Program, verb: string): CommandLine =>
  home === undefined
    ? { command: node, args: [entry, verb] }
    : { command: "/usr/bin/env", args: [`CLAUDEMESH_HOME=${home}`, node, entry, verb] };

/** The first executable file of that name on the PATH, or undefined. */
export function onPath(name: string, { env, platform }: Host): string | undefined {
  const names = platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    for (const one of names) {
      const path = join(folder, one);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not here; the next folder may have it.
      }
    }
  }
  return undefined;
}

/** How an agent's shell calls this program: by its name where the PATH leads to this very file, else by the launcher of the home. */
export function callFromShell(host: Host, launcher: string): string {
  const found = onPath("claudemesh", host);
  if (found === undefined || host.program.defaultHome !== host.home) return launcher;
  return realpathSync(found) === realpathSync(host.program.entry) ? "claudemesh" : launcher;
}
