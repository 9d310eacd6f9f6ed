import { DatabaseSync } from "node:sqlite";
import { damaged } from "../home/versioned-json.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migrations.ts";
import { schemaStamp, schemaText } from "./schema-stamp.ts";

/** Throws `home_damaged` when a page cannot be read, or an index lacks a row: then a message is there and not found. */
export function checkPages(db: DatabaseSync, path: string): void {
  const row = db.prepare("PRAGMA integrity_check(1)").get() as { integrity_check?: unknown };
  if (row.integrity_check !== "ok") throw damaged(path, "it fails SQLite's own check");
}

/**
 * Throws `home_damaged` when tables, indexes and triggers are not those that the migrations made. Their text has no check sum of SQLite's: one flipped bit in it renames a
 * column, which only the statement that needs it would find. `made` are the migrations that this home has had.
 */
export function checkSchema(db: DatabaseSync, path: string, made: readonly Migration[]): void {
  const stamp = stampOf(db);
  if (stamp === 0 ? isAsMade(db, made) : stamp === schemaStamp(db)) return;
  throw damaged(path, "its schema is not the one that was written");
}

const stampOf = (db: DatabaseSync): number =>
  (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;

/** A home from before stamps is compared with one made now, which takes longer. */
function isAsMade(db: DatabaseSync, made: readonly Migration[]): boolean {
  const fresh = new DatabaseSync(":memory:");
  try {
    migrate(fresh, made, 0);
    return schemaText(db) === schemaText(fresh);
  } finally {
    fresh.close();
  }
}
