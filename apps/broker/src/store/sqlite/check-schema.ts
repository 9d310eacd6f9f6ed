import { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import type { Migration } from "../migrations.ts";
import { migrate } from "./migrate.ts";

/**
 * Throws `home_damaged` when tables, indexes and triggers are not those that `migrations` make. Their text has no check sum of
 * SQLite's: one flipped bit in it renames a column, which is found only by the statement that needs that column.
 */
export function checkSchema(
  db: DatabaseSync,
  path: string,
  migrations: readonly Migration[],
): void {
  const fresh = new DatabaseSync(":memory:");
  try {
    migrate(fresh, migrations, 0);
    if (schemaOf(db) === schemaOf(fresh)) return;
    throw new MeshError("home_damaged", `this file is damaged: ${path}`, {
      cause: "its schema is not the one that was written",
    });
  } finally {
    fresh.close();
  }
}

const schemaOf = (db: DatabaseSync): string =>
  JSON.stringify(
    db
      .prepare(
        // What SQLite keeps for itself (statistics) comes and goes.
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name",
      )
      .all(),
  );
