import type { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import type { Migration } from "../migrations.ts";

interface Applied {
  readonly name: string;
  readonly hash: string;
}

/**
 * Applies the migrations that are not applied yet, each in a transaction with its own record. The caller holds the folder's lock.
 * Throws `upgrade_required` when a newer broker wrote the store, `home_damaged` when an applied file was edited.
 */
export function migrate(db: DatabaseSync, migrations: readonly Migration[], at: number): void {
  db.exec(
    "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY, hash TEXT NOT NULL, applied_at BIGINT NOT NULL)",
  );
  const applied = db
    .prepare("SELECT name, hash FROM migration ORDER BY name")
    .all() as unknown as Applied[];
  refuseForeign(applied, migrations);
  const record = db.prepare("INSERT INTO migration (name, hash, applied_at) VALUES (?, ?, ?)");
  for (const { name, sql, hash } of migrations.slice(applied.length)) {
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(sql);
      record.run(name, hash, at);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}

/** What is applied must be the beginning of what this broker ships, file by file. */
function refuseForeign(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, hash }) => [name, hash]));
  for (const { name, hash } of applied) {
    const expected = known.get(name);
    if (expected === undefined) {
      throw new MeshError(
        "upgrade_required",
        `the store was written by a newer broker: migration ${name} is not known to this one`,
      );
    }
    if (expected !== hash) {
      throw new MeshError(
        "home_damaged",
        `migration ${name} is not the file that was applied to this store`,
      );
    }
  }
  for (const [index, { name }] of applied.entries()) {
    const shipped = migrations[index]?.name;
    if (shipped !== name) {
      throw new MeshError(
        "home_damaged",
        `migration ${shipped} was never applied to this store although the later ${name} was`,
      );
    }
  }
}
