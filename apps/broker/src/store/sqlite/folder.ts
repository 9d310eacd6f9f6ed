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
import { dirname, join, resolve } from "node:path";
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
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (first !== undefined) keepMade(folder, first);
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

/** Takes a folder's lock for as long as the connection stays open. Throws `in_use`. */
export function takeLock(folder: string): DatabaseSync {
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
  syncFolder(folder);
}

/** Syncs what holds the folders that were made, from `first` down to `folder`: a power cut would take them with everything in them. */
function keepMade(folder: string, first: string): void {
  const top = dirname(resolve(first));
  for (let holder = dirname(resolve(folder)); ; holder = dirname(holder)) {
    syncFolder(holder);
    if (holder.length <= top.length) return;
  }
}

function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const entry = openSync(folder, "r");
  try {
    fsyncSync(entry);
  } finally {
    closeSync(entry);
  }
}
