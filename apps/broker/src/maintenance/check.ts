import type { DatabaseSync } from "node:sqlite";
import { ready } from "@claudemesh/crypto/verify";
import { loadMigrations } from "../store/migrations.ts";
import { openForReading } from "../store/sqlite/connection.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { type Checked, checkDatabase } from "./check-database.ts";
import { databaseOf } from "./data-folder.ts";

/** Checks a data folder, also while a broker serves from it: what is read is one moment's. `tell` is told of each thing as it is done. */
export async function checkBroker(
  { folder }: { readonly folder: string },
  tell: (checked: Checked) => void = () => {},
): Promise<readonly Checked[]> {
  await ready();
  const path = databaseOf(folder);
  const migrations = await loadMigrations();
  return reading(path, (db) => {
    const done: Checked[] = [];
    for (const checked of checkDatabase(db, migrations)) {
      done.push(checked);
      tell(checked);
    }
    return done;
  });
}

/** Runs `use` on one moment of a database. Throws what storage refuses, naming the file. */
export async function reading<T>(
  path: string,
  use: (db: DatabaseSync) => T | Promise<T>,
): Promise<T> {
  let db: DatabaseSync | undefined;
  try {
    db = openForReading(path);
    db.exec("BEGIN");
    return await use(db);
  } catch (error) {
    throw storageError(error, path);
  } finally {
    db?.close();
  }
}
