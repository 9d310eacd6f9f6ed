import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { storageError } from "./storage-error.ts";

const hasModes = process.platform !== "win32";

/** Creates the folder with mode 0700 whatever the umask; one that exists is left as it is. Throws `not_writable`, `disk_full`. */
export function ensureFolder(folder: string): void {
  try {
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    if (hasModes) chmodSync(folder, 0o700);
    keepMade(folder, first);
  } catch (error) {
    throw storageError(error, folder);
  }
}

/** Creates an empty file of mode 0600 whatever the umask. One that exists is never opened: closing a descriptor of a file drops the process's POSIX locks on it. */
export function ensurePrivate(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, "wx", 0o600));
    if (hasModes) chmodSync(path, 0o600);
  } catch (error) {
    if ((error as { code?: unknown }).code === "EEXIST") return;
    throw storageError(error, path);
  }
}

/** Replaces a file's contents so that a crash leaves the old or the new ones, never a part: temporary file, fsync, rename, fsync of the folder. */
export function writePrivate(path: string, contents: string | Uint8Array, suffix: string): void {
  const temporary = `${path}.${suffix}`;
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      if (hasModes) chmodSync(temporary, 0o600);
      writeFileSync(file, contents);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw storageError(error, path);
  }
}

/** A file's text, or undefined when there is none. */
export function readPrivate(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw storageError(error, path);
  }
}

/** Whether others than the owner may open the path, and its mode in octal. */
export function modeDrift(path: string): string | undefined {
  if (!hasModes) return undefined;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || (stat.mode & 0o077) === 0) return undefined;
  return (stat.mode & 0o777).toString(8).padStart(4, "0");
}

/** Takes everyone else's permissions on the path away again. */
export function mendMode(path: string): void {
  if (modeDrift(path) === undefined) return;
  try {
    chmodSync(path, statSync(path).isDirectory() ? 0o700 : 0o600);
  } catch (error) {
    throw storageError(error, path);
  }
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
  if (!hasModes) return;
  const entry = openSync(folder, "r");
  try {
    fsyncSync(entry);
  } finally {
    closeSync(entry);
  }
}
