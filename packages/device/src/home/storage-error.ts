import { type ErrorCode, MeshError } from "@claudemesh/protocol";

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const sqliteCodes: Readonly<Record<number, ErrorCode>> = {
  3: "not_writable", // SQLITE_PERM
  5: "in_use", // SQLITE_BUSY
  6: "in_use", // SQLITE_LOCKED
  8: "not_writable", // SQLITE_READONLY
  10: "not_writable", // SQLITE_IOERR
  11: "home_damaged", // SQLITE_CORRUPT
  13: "disk_full", // SQLITE_FULL
  14: "not_writable", // SQLITE_CANTOPEN
  26: "home_damaged", // SQLITE_NOTADB
};

/** SQLITE_IOERR_SHMSIZE: the index of the write-ahead log cannot grow, for want of space. */
const sharedMemoryFull = 4874;

const systemCodes: Readonly<Record<string, ErrorCode>> = {
  EACCES: "not_writable",
  EDQUOT: "disk_full",
  EEXIST: "not_writable",
  EIO: "not_writable",
  EISDIR: "home_damaged",
  ENOENT: "not_writable",
  ENOSPC: "disk_full",
  ENOTDIR: "not_writable",
  EPERM: "not_writable",
  EROFS: "not_writable",
};

/** Why, where the system's own code says it. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "a file is in the way",
  EIO: "the disk reports an error",
  EISDIR: "a folder is in the way",
  ENOENT: "a folder above it is missing",
  ENOTDIR: "a file is in the way",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
};

const told: Partial<Record<ErrorCode, { readonly what: string; readonly hint: string }>> = {
  disk_full: { what: "there is no space left for", hint: "free some space and run it again" },
  home_damaged: {
    what: "this file is damaged:",
    hint: "restore it from a backup; nothing was changed",
  },
  in_use: { what: "another process uses", hint: "run it again in a moment" },
  not_writable: {
    what: "this cannot be read or written:",
    hint: "check its owner and permissions, or set CLAUDEMESH_HOME to another folder",
  },
};

/** The code that a SQLite or file system error stands for, or undefined when it is neither. */
export function storageCode(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (errcode === sharedMemoryFull) return "disk_full";
  if (typeof errcode === "number") return sqliteCodes[errcode & 0xff];
  return typeof code === "string" ? systemCodes[code] : undefined;
}

/** A storage error as a `MeshError` that names `path`; anything else comes back as it is. */
export function storageError(error: unknown, path: string): unknown {
  const code = storageCode(error);
  const row = code === undefined ? undefined : told[code];
  if (code === undefined || row === undefined) return error;
  const system = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  const reason = typeof system === "string" ? reasons[system] : undefined;
  const why = reason === undefined ? "" : ` (${reason})`;
  return new MeshError(code, `${row.what} ${path}${why}`, { hint: row.hint, cause: error });
}
