import { closeSync, existsSync, fsyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { MeshError } from "@claudemesh/protocol";

const marker = (folder: string): string => join(folder, "broker.moved");

/** Notes that a data folder's store lives in a database now. */
export function markMoved(folder: string): void {
  const file = openSync(marker(folder), "w", 0o600);
  try {
    writeSync(
      file,
      "The store of this folder was moved to the database of DATABASE_URL; broker.db is what it was then.\n",
    );
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Throws `conflict` where a broker would go on with what a folder had before its store was moved: devices have seen what came after. */
export function refuseMoved(folder: string): void {
  if (!existsSync(marker(folder))) return;
  throw new MeshError("conflict", `the store of ${folder} was moved to a database`, {
    hint: "start the broker with DATABASE_URL; broker.db is only what it was then",
  });
}
