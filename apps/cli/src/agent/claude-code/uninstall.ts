import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Host } from "../../host.ts";
import { isObject, JsonFile } from "../json-file.ts";
import { launcherPath } from "../launcher.ts";
import { programOf } from "../program.ts";
import { replaceFile } from "../replace-file.ts";
import { findClaude, runClaude } from "./binary.ts";
import { hookTable } from "./hooks.ts";
import { statusLineCommand } from "./install.ts";
import { type ClaudePaths, claudePaths } from "./paths.ts";
import { marketplaceName, pluginId, pluginName, serverEntry } from "./plugin-files.ts";
import { agentFolder, type InstallRecord, readRecord, recordPath } from "./record.ts";
import { removeHooks, removeRules, removeServer, removeStatusLine } from "./settings-edits.ts";
import { restoreBytes } from "./snapshots.ts";

/** Takes out what `installInto` put in, and nothing else; false where this home had installed nothing. Works also when Claude Code itself is gone. */
export async function uninstallFrom(host: Host): Promise<boolean> {
  const record = readRecord(host.home);
  if (record === undefined) return false;
  const paths = claudePaths(host);
  const claude = await findClaude(host);
  if (record.way === "plugin" && claude !== undefined) {
    await runClaude(claude.path, ["plugin", "uninstall", pluginId, "--scope", "user"], host);
    await runClaude(claude.path, ["plugin", "marketplace", "remove", marketplaceName], host);
  }
  for (const path of [paths.settings, paths.state, paths.marketplaces, paths.plugins]) {
    if (existsSync(path)) takeOut(new JsonFile(path), host, record);
  }
  // The copy that Claude Code made for itself, and would keep for days.
  rmSync(join(paths.config, "plugins", "cache", marketplaceName), { recursive: true, force: true });
  for (const folder of record.skills) rmSync(folder, { recursive: true, force: true });
  restoreBytes(record.snapshots);
  removeEmptied(record, paths);
  rmSync(agentFolder(host.home), { recursive: true, force: true });
  rmSync(launcherPath(host.home), { force: true });
  rmSync(recordPath(host.home), { force: true });
  return true;
}

/** Takes whatever is ours out of one of Claude Code's files, also what its own commands left. */
function takeOut(file: JsonFile, host: Host, record: InstallRecord): void {
  const program = programOf(host);
  removeRules(file, record.rules);
  if (record.statusLine) {
    removeStatusLine(file, statusLineCommand(launcherPath(host.home)));
  }
  removeHooks(file, hookTable(program));
  removeServer(file, pluginName, serverEntry(program));
  for (const path of [
    ["enabledPlugins", pluginId],
    ["extraKnownMarketplaces", marketplaceName],
    ["plugins", pluginId],
  ]) {
    if (file.at(path) !== undefined) file.set(path, undefined);
  }
  for (const key of ["enabledPlugins", "extraKnownMarketplaces"]) {
    file.dropIfEmpty([key], !(key in valueBefore(file.path, record)));
  }
  const listed = file.at([marketplaceName, "installLocation"]);
  if (listed === agentFolder(host.home)) file.set([marketplaceName], undefined);
  if (file.isChanged) replaceFile(file.path, file.text);
}

/** What a file said before the installation; nothing where there was none. */
function valueBefore(path: string, { snapshots }: InstallRecord): Record<string, unknown> {
  const before = snapshots.find((one) => one.path === path)?.before;
  if (before === undefined || before === null) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(before, "base64").toString("utf8"));
    return isObject(value) ? value : {};
  } catch {
    // A file with comments: what its shells held cannot be told, so they stay.
    return { enabledPlugins: {}, extraKnownMarketplaces: {} };
  }
}

/** Folders that hold nothing any more and belonged to files that were not there before. */
function removeEmptied({ snapshots, skills }: InstallRecord, paths: ClaudePaths): void {
  const made = snapshots.filter(({ before }) => before === null).map(({ path }) => dirname(path));
  const folders = [...(skills.length > 0 ? [paths.skills] : []), ...made, paths.config];
  for (const folder of folders) {
    if (existsSync(folder) && folder.startsWith(paths.config) && readdirSync(folder).length === 0) {
      rmdirSync(folder);
    }
  }
}
