import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import { storageCode, storageError } from "./errors.ts";

/** A data folder that this process alone holds until `release`. */
export interface HeldFolder {
  readonly database: string;
  /** Records that a store lives here, so that a vanished database is noticed instead of replaced. */
  mark(): void;
  release(): void;
}

/**
 * Creates the folder (0700) if needed and takes its lock, which the operating system drops when the process ends.
 * Throws `in_use`, `not_writable`, `disk_full`, or `home_damaged` when the folder had a store whose database is gone.
 */
export function holdFolder(folder: string): HeldFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageError(error, folder);
  }
  const lock = takeLock(folder);
  try {
    const database = join(folder, "broker.db");
    const marker = join(folder, "broker.store");
    if (existsSync(marker) && !hasHeader(database)) {
      throw new MeshError("home_damaged", `the database is missing or empty: ${database}`);
    }
    createPrivate(database);
    return { database, mark: () => mark(marker, folder), release: () => lock.close() };
  } catch (error) {
    lock.close();
    throw storageError(error, folder);
  }
}

function takeLock(folder: string): DatabaseSync {
  const path = join(folder, "broker.lock");
  let lock: DatabaseSync | undefined;
  try {
    createPrivate(path);
    lock = new DatabaseSync(path);
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if (storageCode(error) === "in_use") {
      throw new MeshError("in_use", `another broker holds the folder ${folder}`, { cause: error });
    }
    throw storageError(error, path);
  }
}

/** SQLite takes an empty file for a new database; one shorter than its 100-byte header was cut off. */
const hasHeader = (path: string): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= 100;

/**
 * Creates a file of mode 0600 whatever the umask. One that exists is never opened here: closing any descriptor of a file drops
 * the process's POSIX locks on it.
 */
function createPrivate(path: string): boolean {
  if (existsSync(path)) return false;
  closeSync(openSync(path, "wx", 0o600));
  chmodSync(path, 0o600);
  return true;
}

function mark(path: string, folder: string): void {
  if (!createPrivate(path)) return;
  const file = openSync(path, "w");
  try {
    writeSync(file, "This folder holds a claudemesh broker's store: broker.db.\n");
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (process.platform === "win32") return;
  const entry = openSync(folder, "r");
  try {
    fsyncSync(entry);
  } finally {
    closeSync(entry);
  }
}
