import { join } from "node:path";
import { type Skill, skills, unpromptedVerbs } from "@claudemesh/protocol/derive";
import type { Host } from "../../host.ts";
import { JsonFile } from "../json-file.ts";
import { launcherPath, writeLauncher } from "../launcher.ts";
import { callFromShell, programOf } from "../program.ts";
import { replaceFile } from "../replace-file.ts";
import { type ClaudeBinary, runClaude } from "./binary.ts";
import { claudePaths } from "./paths.ts";
import { pluginFiles, pluginId } from "./plugin-files.ts";
import { writeFolder } from "./plugin-folder.ts";
import { agentFolder, type InstallRecord, keepRecord, readRecord } from "./record.ts";
import { addRules, addStatusLine } from "./settings-edits.ts";
import { writeIntoSettings } from "./settings-way.ts";
import { snapshotsOf } from "./snapshots.ts";

export interface InstallOptions {
  readonly hooks: boolean;
  readonly statusLine: boolean;
}

export interface Installed {
  readonly record: InstallRecord;
  /** false where everything was there already, as it should be */
  readonly isChanged: boolean;
  /** why it stands in the settings instead of a plugin */
  readonly fallback: string | undefined;
  /** a status line of somebody else's was kept */
  readonly keptStatusLine: boolean;
  readonly skills: readonly Skill[];
}

/**
 * Puts claudemesh into Claude Code: as a plugin by Claude Code's own commands, or, where those fail, in its settings files. Repeating it brings everything
 * up to date and changes nothing that is. Throws `malformed` for a settings file that cannot be read.
 */
export async function installInto(
  claude: ClaudeBinary,
  host: Host,
  options: InstallOptions,
): Promise<Installed> {
  const paths = claudePaths(host);
  const earlier = readRecord(host.home);
  // Read before anything is changed: a file that cannot be read stops the whole.
  new JsonFile(paths.settings);
  const program = programOf(host);
  const launcher = launcherPath(host.home);
  const call = callFromShell(host, launcher);
  const kept = [paths.settings, paths.state, paths.marketplaces, paths.plugins];
  const first: InstallRecord = {
    v: 1,
    way: "plugin",
    hooks: options.hooks,
    statusLine: false,
    call,
    snapshots: snapshotsOf(kept),
    rules: [],
    skills: [],
  };
  // Kept first, so that a crash half-way can be taken back.
  keepRecord(host.home, earlier ?? first);
  writeLauncher(host.home, program);
  const files = pluginFiles({ program, call, version: host.version, hooks: options.hooks });
  let isChanged = writeFolder(agentFolder(host.home), files) || earlier?.hooks !== options.hooks;
  const refused = await enablePlugin(claude, host, isChanged);
  isChanged ||= refused.isChanged;
  const way = refused.why === undefined ? "plugin" : "settings";
  const texts = skills(call);
  const written =
    way === "plugin"
      ? { isChanged: false, skills: [] }
      : writeIntoSettings(paths, { program, hooks: options.hooks, skills: texts });
  const settings = new JsonFile(paths.settings);
  const rules = addRules(settings, allowRules(call));
  const command = statusLineCommand(launcher);
  const hasStatusLine = options.statusLine && addStatusLine(settings, command);
  if (settings.isChanged) replaceFile(paths.settings, settings.text);
  const record: InstallRecord = {
    ...(earlier ?? first),
    way,
    hooks: options.hooks,
    call,
    statusLine: hasStatusLine || (earlier?.statusLine ?? false),
    rules: [...new Set([...(earlier?.rules ?? []), ...rules])],
    skills: [...new Set([...(earlier?.skills ?? []), ...written.skills])],
  };
  keepRecord(host.home, record);
  return {
    record,
    isChanged: isChanged || written.isChanged || settings.isChanged,
    fallback: refused.why,
    keptStatusLine: options.statusLine && !hasStatusLine,
    skills: texts,
  };
}

/** What Claude Code runs for the status line: it takes one shell line, which the launcher is. */
export const statusLineCommand = (launcher: string): string =>
  `${/^[\w./-]+$/.test(launcher) ? launcher : JSON.stringify(launcher)} status-line`;

const allowRules = (call: string): string[] =>
  unpromptedVerbs().map((words) => `Bash(${call} ${words}:*)`);

/** Declares the marketplace and enables the plugin, where that is not so already. */
async function enablePlugin(
  claude: ClaudeBinary,
  host: Host,
  isNewer: boolean,
): Promise<{ readonly isChanged: boolean; readonly why?: string }> {
  const settings = new JsonFile(claudePaths(host).settings);
  const isEnabled = settings.at(["enabledPlugins", pluginId]) === true;
  if (isEnabled && !isNewer) return { isChanged: false };
  const folder = agentFolder(host.home);
  const steps = [
    ["plugin", "marketplace", "add", folder],
    ["plugin", "install", pluginId, "--scope", "user"],
  ];
  for (const step of isEnabled ? steps.slice(1) : steps) {
    const { exit, stdout, stderr } = await runClaude(claude.path, step, host);
    if (exit === 0) continue;
    const said = `${stderr}\n${stdout}`.trim().split("\n").at(-1) ?? "";
    return { isChanged: false, why: `claude ${step.join(" ")} failed: ${said || `exit ${exit}`}` };
  }
  return { isChanged: true };
}

/** The folder of the one plugin, for sessions that are started with it by hand. */
export const pluginFolder = (home: string): string => join(agentFolder(home), "claudemesh");
