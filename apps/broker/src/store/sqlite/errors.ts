import { type ErrorCode, MeshError } from "@claudemesh/protocol";

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const sqliteCodes: Readonly<Record<number, ErrorCode>> = {
  3: "not_writable", // SQLITE_PERM
  5: "in_use", // SQLITE_BUSY
  6: "in_use", // SQLITE_LOCKED
  8: "not_writable", // SQLITE_READONLY
  10: "unavailable", // SQLITE_IOERR
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
  EIO: "unavailable",
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
  ENOENT: "a folder above it is missing",
  ENOTDIR: "a file is in the way",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
};

const sentences: Partial<Record<ErrorCode, string>> = {
  disk_full: "there is no space left for",
  home_damaged: "this file is damaged:",
  in_use: "another process uses",
  not_writable: "this cannot be written:",
  unavailable: "reading or writing failed:",
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
  if (code === undefined) return error;
  const system = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  const reason = typeof system === "string" ? reasons[system] : undefined;
  const why = reason === undefined ? "" : ` (${reason})`;
  return new MeshError(code, `${sentences[code]} ${path}${why}`, { cause: error });
}
