import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";

/** Above this size the whole-file check at start is left out; SQLite still refuses a wrong header or length. */
const checkedBytes = 64 * 1024 * 1024;

/** The only connection that writes. Every commit is on stable storage when it returns. */
export function openForWriting(path: string): DatabaseSync {
  return configured(new DatabaseSync(path), [
    // Messages are 1 to 2 kB: larger pages waste less room between them. A file keeps the size that it was created with.
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32000",
    "PRAGMA temp_store = MEMORY",
    // The bound behind `Checkpoints`, in pages.
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA journal_size_limit = 67108864",
  ]);
}

/** A connection that reads beside the writer; the database exists and is in WAL mode. */
export function openForReading(path: string): DatabaseSync {
  return configured(new DatabaseSync(path, { readOnly: true, timeout: 1000 }), [
    "PRAGMA cache_size = -32000",
    "PRAGMA temp_store = MEMORY",
  ]);
}

function configured(db: DatabaseSync, pragmas: readonly string[]): DatabaseSync {
  try {
    for (const pragma of pragmas) db.exec(pragma);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Throws `home_damaged` when the database cannot be read whole; a large one is checked by its header, length and mesh table only.
 * Reads only, but for an unfinished start, so that a damaged file is left as it is.
 */
export function checkIntegrity(path: string): void {
  const { size } = statSync(path);
  if (size === 0) return;
  // What a first start left unfinished has a journal, which only a connection that may write undoes.
  const db = existsSync(`${path}-journal`) ? new DatabaseSync(path) : openForReading(path);
  try {
    const scope = size > checkedBytes ? "'mesh'" : "1";
    // The quick check leaves out whether the indexes have every row, without which an entry is there and not found.
    const { integrity_check: result } = db.prepare(`PRAGMA integrity_check(${scope})`).get() ?? {};
    if (result === "ok") return;
    throw new MeshError("home_damaged", `this file is damaged: ${path}`, { cause: result });
  } finally {
    db.close();
  }
}
