import { join } from "node:path";
import { MeshError } from "@claudemesh/protocol/light";
import { isObject } from "../json-file.ts";
import { readIfThere, replaceFile } from "../replace-file.ts";

/** A file as it was before the installation: its bytes in base64, or null where there was none. */
export interface Snapshot {
  readonly path: string;
  readonly before: string | null;
}

/** What an installation did, kept in the home, so that it can be taken back to the byte. */
export interface InstallRecord {
  readonly v: 1;
  readonly way: "plugin" | "settings";
  readonly hooks: boolean;
  readonly statusLine: boolean;
  readonly call: string;
  /** Claude Code's files as they were */
  readonly snapshots: readonly Snapshot[];
  /** allow rules that were added */
  readonly rules: readonly string[];
  /** skill folders that were made outside of the plugin */
  readonly skills: readonly string[];
}

/** Where everything stands that an installation into Claude Code keeps. */
export const agentFolder = (home: string): string => join(home, "agent", "claude-code");

const recordPath = (home: string): string => join(home, "agent", "claude-code.json");

/** The installation that this home made, or undefined. Throws `home_damaged`. */
export function readRecord(home: string): InstallRecord | undefined {
  const path = recordPath(home);
  const text = readIfThere(path)?.toString("utf8");
  if (text === undefined) return undefined;
  const record = recordIn(text);
  if (record !== undefined) return record;
  throw new MeshError("home_damaged", `${path} cannot be read whole`, {
    hint: `remove ${path} and run install again`,
  });
}

/** The record that a text holds, or undefined for any other text: it says which files are written and removed. */
function recordIn(text: string): InstallRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.v !== 1) return undefined;
  const { way, hooks, statusLine, call, snapshots, rules, skills } = value;
  const isWhole =
    (way === "plugin" || way === "settings") &&
    typeof hooks === "boolean" &&
    typeof statusLine === "boolean" &&
    typeof call === "string" &&
    isListOf(rules, isText) &&
    isListOf(skills, isText) &&
    isListOf(snapshots, isSnapshot);
  return isWhole ? (value as unknown as InstallRecord) : undefined;
}

const isText = (value: unknown): value is string => typeof value === "string";

const isSnapshot = (value: unknown): boolean =>
  isObject(value) && isText(value.path) && (value.before === null || isText(value.before));

const isListOf = (value: unknown, is: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(is);

export const keepRecord = (home: string, record: InstallRecord): void =>
  replaceFile(recordPath(home), `${JSON.stringify(record)}\n`);

export { recordPath };
