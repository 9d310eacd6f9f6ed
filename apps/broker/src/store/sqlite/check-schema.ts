import { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import type { Migration } from "../migrations.ts";
import { migrate } from "./migrate.ts";

/**
 * Throws `home_damaged` when a table, index or trigger that `migrations` make is missing or another. Their text has no check sum
 * of SQLite's: one flipped bit in it renames a column, which is found only by the statement that needs that column.
 */
export function checkSchema(
  db: DatabaseSync,
  path: string,
  migrations: readonly Migration[],
): void {
  const missing = missingObject(db, migrations);
  if (missing === undefined) return;
  throw new MeshError("home_damaged", `this file is damaged: ${path}`, { cause: missing });
}

/** The first table, index or trigger that `migrations` make and that a database does not have as they make it. */
export function missingObject(
  db: DatabaseSync,
  migrations: readonly Migration[],
): string | undefined {
  const fresh = new DatabaseSync(":memory:");
  try {
    migrate(fresh, migrations, 0);
    const found = new Set(schemaOf(db));
    return schemaOf(fresh).find((object) => !found.has(object));
  } finally {
    fresh.close();
  }
}

const schemaOf = (db: DatabaseSync): string[] =>
  db
    .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    .all()
    .map((object) => JSON.stringify(object));
