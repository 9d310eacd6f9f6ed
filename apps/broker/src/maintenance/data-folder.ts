import { chmodSync, copyFileSync, existsSync, readdirSync } from "node:fs";
import { cp, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { MeshError } from "@claudemesh/protocol";
import { blobFolder } from "../blob/open-blobs.ts";

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

/**
 * Copies the bytes of files, as far as they lie in the folder; in a bucket they stay where they are. Copied after the database, so that of what is shared meanwhile
 * nothing is missing that the copied database names but what was deleted since.
 */
export async function copyBlobs(from: string, to: string): Promise<void> {
  const blobs = blobFolder(from);
  if (!existsSync(blobs)) return;
  await cp(blobs, blobFolder(to), {
    recursive: true,
    // What is being written has another name until it is whole.
    filter: (path) => !path.endsWith(".part"),
  });
  for (const entry of await readdir(blobFolder(to), { recursive: true })) {
    const held = await open(join(blobFolder(to), entry), "r");
    await held.sync().finally(() => held.close());
  }
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
