import { statSync } from "node:fs";
import { openForWriting } from "../store/sqlite/connection.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { holdFolder } from "../store/sqlite/folder.ts";
import { databaseOf } from "./data-folder.ts";

/** Gives what deleted rows have left free back to the disk. Throws `in_use` while a broker holds the folder. */
export function vacuumBroker({ folder }: { readonly folder: string }): {
  readonly before: number;
  readonly after: number;
} {
  const path = databaseOf(folder);
  const held = holdFolder(folder);
  try {
    const db = openForWriting(path);
    try {
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      const before = statSync(path).size;
      db.exec("VACUUM");
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      return { before, after: statSync(path).size };
    } finally {
      db.close();
    }
  } catch (error) {
    throw storageError(error, path);
  } finally {
    held.release();
  }
}
