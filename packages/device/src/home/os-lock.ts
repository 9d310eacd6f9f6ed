import { DatabaseSync } from "node:sqlite";
import { ensurePrivate } from "./private-file.ts";
import { storageCode, storageError } from "./storage-error.ts";

/** A lock that the operating system drops when the process ends, however it ends. */
export interface OsLock {
  release(): void;
}

/**
 * Takes the exclusive lock of a file, waiting at most `waitMs`; undefined when another process (or another holder in this one) has it.
 * SQLite's own file locks serve, since Node offers none.
 */
export function takeOsLock(path: string, waitMs: number): OsLock | undefined {
  ensurePrivate(path);
  let file: DatabaseSync | undefined;
  try {
    file = new DatabaseSync(path, { timeout: waitMs });
    file.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    file?.close();
    if (storageCode(error) === "in_use") return undefined;
    throw storageError(error, path);
  }
  const held = file;
  let released = false;
  return {
    release: () => {
      if (released) return;
      released = true;
      held.close();
    },
  };
}
