import type { DatabaseSync } from "node:sqlite";
import { ready } from "@claudemesh/crypto/verify";
import { loadMigrations } from "../store/migrations.ts";
import { openForReading } from "../store/sqlite/connection.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { type Checked, checkDatabase } from "./check-database.ts";
import { databaseOf } from "./data-folder.ts";
import { connected, type Database, type StorePlace } from "./postgres/database.ts";

/** Checks a data folder, or a copy of the database that stands in for its own, also while a broker serves from it: what is read is one moment's. `tell` is told of each thing as it is done. */
export async function checkBroker(
  { folder, database }: StorePlace,
  tell: (checked: Checked) => void = () => {},
): Promise<readonly Checked[]> {
  await ready();
  if (database !== undefined) {
    const { withSnapshot } = await import("./postgres/snapshot.ts");
    const server = await checkSettings(database);
    tell(server);
    const rest = await withSnapshot({ folder, database, at: 0 }, (path) => checkFile(path, tell));
    return [server, ...rest];
  }
  return await checkFile(databaseOf(folder), tell);
}

/** Whether the server keeps what it acknowledges. */
async function checkSettings({ url }: Database): Promise<Checked> {
  const { unsafeSetting } = await import("../store/postgres/connect.ts");
  const unsafe = await connected(url, unsafeSetting);
  const detail = unsafe ?? "keep what was acknowledged";
  return { what: "settings of the server", ok: unsafe === undefined, detail };
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
