import type { DatabaseSync } from "node:sqlite";
import { type Applied, type Migration, refuseForeign } from "../migrations.ts";

/**
 * Applies the migrations that are not applied yet, each whole with its own record, all in one transaction, which reaches the disk once. What comes before one
 * that fails is kept. The caller holds the folder's lock. Throws `upgrade_required` when a newer broker wrote the store, `home_damaged` when an applied file was edited.
 */
export function migrate(db: DatabaseSync, migrations: readonly Migration[], at: number): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    applyNew(db, migrations, at);
  } finally {
    if (db.isTransaction) db.exec("COMMIT");
  }
}

function applyNew(db: DatabaseSync, migrations: readonly Migration[], at: number): void {
  db.exec(
    "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY, hash TEXT NOT NULL, applied_at BIGINT NOT NULL)",
  );
  const applied = db
    .prepare("SELECT name, hash FROM migration ORDER BY name")
    .all() as unknown as Applied[];
  refuseForeign(applied, migrations);
  const record = db.prepare("INSERT INTO migration (name, hash, applied_at) VALUES (?, ?, ?)");
  for (const { name, sql, hash } of migrations.slice(applied.length)) {
    db.exec("SAVEPOINT migration");
    try {
      db.exec(sql);
      record.run(name, hash, at);
      db.exec("RELEASE migration");
    } catch (error) {
      // A full disk ends the whole transaction, and the savepoint with it.
      if (db.isTransaction) db.exec("ROLLBACK TO migration");
      throw error;
    }
  }
}
