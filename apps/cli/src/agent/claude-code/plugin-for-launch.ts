import type { Host } from "../../host.ts";
import { launcherPath, writeLauncher } from "../launcher.ts";
import { callFromShell, programOf } from "../program.ts";
import { pluginFiles } from "./plugin-files.ts";
import { writeFolder } from "./plugin-folder.ts";
import { agentFolder } from "./record.ts";

/** Writes the plugin for one session that is started with it; Claude Code's own files are not touched. */
export function writePlugin(host: Host): void {
  const program = programOf(host);
  writeLauncher(host.home, program);
  const call = callFromShell(host, launcherPath(host.home));
  writeFolder(
    agentFolder(host.home),
    pluginFiles({ program, call, version: host.version, hooks: true }),
  );
}
