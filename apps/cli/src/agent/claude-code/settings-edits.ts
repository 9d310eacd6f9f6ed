import type { JsonFile } from "../json-file.ts";
import { isObject } from "../json-file.ts";
import type { CommandLine } from "../program.ts";
import type { HookGroup } from "./hooks.ts";

const allowPath = ["permissions", "allow"];

/** Adds allow rules that are not there yet; answers those. */
export function addRules(file: JsonFile, rules: readonly string[]): string[] {
  const present = file.at(allowPath);
  const known = new Set(Array.isArray(present) ? present : []);
  const added = rules.filter((rule) => !known.has(rule));
  if (added.length === 0) return added;
  if (!Array.isArray(present)) file.set(allowPath, added);
  else for (const rule of added) file.set([...allowPath, -1], rule);
  return added;
}

/** Takes out the rules that `addRules` added, and what it made to hold them. */
export function removeRules(file: JsonFile, rules: readonly string[]): void {
  const ours = new Set<unknown>(rules);
  file.removeFrom(allowPath, (rule) => ours.has(rule), true);
  file.dropIfEmpty(["permissions"], true);
}

const statusLinePath = ["statusLine"];

/** Sets the status line where there is none; answers whether it is ours now. */
export function addStatusLine(file: JsonFile, command: string): boolean {
  const present = file.at(statusLinePath);
  const ours = { type: "command", command, padding: 0, refreshInterval: 5 };
  if (present !== undefined) return isObject(present) && present.command === command;
  file.set(statusLinePath, ours);
  return true;
}

export function removeStatusLine(file: JsonFile, command: string): void {
  const present = file.at(statusLinePath);
  if (isObject(present) && present.command === command) file.set(statusLinePath, undefined);
}

const sameGroup =
  (group: HookGroup) =>
  (other: unknown): boolean =>
    JSON.stringify(other) === JSON.stringify(group);

/** Adds each event's group that is not there yet. */
export function addHooks(file: JsonFile, table: Readonly<Record<string, readonly HookGroup[]>>) {
  for (const [event, groups] of Object.entries(table)) {
    for (const group of groups) {
      const present = file.at(["hooks", event]);
      if (!Array.isArray(present)) file.set(["hooks", event], [group]);
      else if (!present.some(sameGroup(group))) file.set(["hooks", event, -1], group);
    }
  }
}

export function removeHooks(file: JsonFile, table: Readonly<Record<string, readonly HookGroup[]>>) {
  for (const [event, groups] of Object.entries(table)) {
    for (const group of groups) file.removeFrom(["hooks", event], sameGroup(group), true);
  }
  file.dropIfEmpty(["hooks"], true);
}

/** Adds an MCP server of the user, replacing one of that name only if it is ours. */
export function addServer(file: JsonFile, name: string, entry: Record<string, unknown>): boolean {
  const present = file.at(["mcpServers", name]);
  if (present !== undefined && !runs(present, entry)) return false;
  file.set(["mcpServers", name], entry);
  return true;
}

export function removeServer(file: JsonFile, name: string, entry: Record<string, unknown>): void {
  if (!runs(file.at(["mcpServers", name]), entry)) return;
  file.set(["mcpServers", name], undefined);
  file.dropIfEmpty(["mcpServers"], true);
}

/** Whether two entries start the same verb of a program of that name: the paths change with every upgrade. */
function runs(present: unknown, entry: Record<string, unknown>): boolean {
  if (!isObject(present) || !Array.isArray(present.args)) return false;
  const { args } = entry as unknown as CommandLine;
  const isOurs = present.args.some((arg) => /claudemesh(\.js)?$/.test(String(arg)));
  return isOurs && present.args.at(-1) === args.at(-1);
}
