import type { DatabaseSync } from "node:sqlite";
import { ready } from "@claudemesh/crypto/verify";
import { loadMigrations } from "../store/migrations.ts";
import { openForReading } from "../store/sqlite/connection.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { type Checked, checkDatabase } from "./check-database.ts";
import { databaseOf } from "./data-folder.ts";
import type { StorePlace } from "./postgres/database.ts";

/** Checks a data folder, or a copy of the database that stands in for its own, also while a broker serves from it: what is read is one moment's. `tell` is told of each thing as it is done. */
export async function checkBroker(
  { folder, database }: StorePlace,
  tell: (checked: Checked) => void = () => {},
): Promise<readonly Checked[]> {
  await ready();
  if (database !== undefined) {
    const { withSnapshot } = await import("./postgres/snapshot.ts");
    return await withSnapshot({ folder, database, at: 0 }, (path) => checkFile(path, tell));
  }
  return await checkFile(databaseOf(folder), tell);
}

async function checkFile(
  path: string,
  tell: (checked: Checked) => void,
): Promise<readonly Checked[]> {
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
