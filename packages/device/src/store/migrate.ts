import type { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import { type Migration, migrationHash } from "./migrations.ts";
import { schemaStamp } from "./schema-stamp.ts";

interface Applied {
  readonly name: string;
  readonly hash: string;
}

/** Names and hashes of what was applied, in order. */
const appliedTo = (db: DatabaseSync): Applied[] =>
  db.prepare("SELECT name, hash FROM migration ORDER BY name").all() as unknown as Applied[];

/** Applies the migrations in one transaction; the caller holds the home's lock. Throws `upgrade_required` or `home_damaged` as `appliedOf` does. */
export function migrate(db: DatabaseSync, migrations: readonly Migration[], at: number): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    db.exec(
      "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY, hash TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
    );
    const applied = appliedTo(db);
    refuseForeign(applied, migrations);
    const record = db.prepare("INSERT INTO migration (name, hash, applied_at) VALUES (?, ?, ?)");
    for (const migration of migrations.slice(applied.length)) {
      db.exec(migration.sql);
      record.run(migration.name, migrationHash(migration), at);
    }
    db.exec(`PRAGMA user_version = ${schemaStamp(db)}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** The migrations that were applied. Throws `upgrade_required` when a newer version wrote the store, `home_damaged` when an applied one was edited. */
export function appliedOf(
  db: DatabaseSync,
  migrations: readonly Migration[],
): readonly Migration[] {
  const applied = appliedTo(db);
  refuseForeign(applied, migrations);
  return migrations.slice(0, applied.length);
}

function refuseForeign(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [index, { name, hash }] of applied.entries()) {
    const shipped = migrations[index];
    if (shipped === undefined) {
      throw new MeshError("upgrade_required", `the home was written by a newer version (${name})`, {
        hint: "upgrade claudemesh on this machine",
      });
    }
    if (shipped.name !== name || migrationHash(shipped) !== hash) {
      throw new MeshError("home_damaged", `migration ${name} is not the one applied to this home`, {
        hint: "install the version of claudemesh that wrote this home",
      });
    }
  }
}
