import { chmodSync, copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { MeshError } from "@claudemesh/protocol";

/** The names of what lies in a data folder, and in a backup of one. */
export const dataFiles = {
  database: "broker.db",
  keys: "keys.json",
  manifest: "backup.json",
} as const;

/** Copies what lies beside the database: the broker's keys, which stay outside it so that it cannot vouch for itself, and other small files. Answers their names. */
export function copyBeside(from: string, to: string): readonly string[] {
  const names = readdirSync(from, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map(({ name }) => name)
    .filter((name) => name !== dataFiles.manifest);
  for (const name of names) {
    copyFileSync(join(from, name), join(to, name));
    chmodSync(join(to, name), 0o600);
  }
  return names;
}

/** The database of a data folder. Throws `not_found` naming the folder when a broker never kept anything there. */
export function databaseOf(folder: string): string {
  const path = join(folder, dataFiles.database);
  if (existsSync(path)) return path;
  throw new MeshError("not_found", `there is no broker's data in ${folder}`, {
    hint: "name the folder that the broker runs with: --data <folder>",
  });
}

/** Whether there is nothing at `path`, or a folder without anything in it. Throws `malformed` for a file. */
export function isVacant(path: string): boolean {
  if (!existsSync(path)) return true;
  try {
    return readdirSync(path).length === 0;
  } catch (cause) {
    throw new MeshError("malformed", `this is not a folder: ${path}`, { cause });
  }
}
