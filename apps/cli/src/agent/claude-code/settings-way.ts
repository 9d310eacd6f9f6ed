import { join } from "node:path";
import type { Skill } from "@claudemesh/protocol/derive";
import { JsonFile } from "../json-file.ts";
import type { Program } from "../program.ts";
import { replaceFile } from "../replace-file.ts";
import { hookTable } from "./hooks.ts";
import type { ClaudePaths } from "./paths.ts";
import { pluginName, serverEntry } from "./plugin-files.ts";
import { writeFolder } from "./plugin-folder.ts";
import { addHooks, addServer, removeHooks } from "./settings-edits.ts";

/** Without the plugin commands: the same hooks, server and skills in the files that every version of Claude Code reads. */
export function writeIntoSettings(
  paths: ClaudePaths,
  what: {
    readonly program: Program;
    readonly hooks: boolean;
    readonly skills: readonly Skill[];
  },
): { readonly isChanged: boolean; readonly skills: string[] } {
  const settings = new JsonFile(paths.settings);
  const state = new JsonFile(paths.state);
  const table = hookTable(what.program);
  if (what.hooks) addHooks(settings, table);
  else removeHooks(settings, table);
  addServer(state, pluginName, serverEntry(what.program));
  let isChanged = settings.isChanged || state.isChanged;
  for (const file of [settings, state]) if (file.isChanged) replaceFile(file.path, file.text);
  const folders: string[] = [];
  for (const { name, text } of what.skills) {
    const folder = join(paths.skills, name);
    if (writeFolder(folder, new Map([["SKILL.md", text]]))) isChanged = true;
    folders.push(folder);
  }
  return { isChanged, skills: folders };
}
