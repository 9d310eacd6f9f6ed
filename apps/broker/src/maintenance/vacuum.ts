import { statSync } from "node:fs";
import { openForWriting } from "../store/sqlite/connection.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { holdFolder } from "../store/sqlite/folder.ts";
import { databaseOf } from "./data-folder.ts";
import { alone, type StorePlace } from "./postgres/database.ts";

/** How many bytes the store took, and takes now. */
export interface Vacuumed {
  readonly before: number;
  readonly after: number;
}

/** Gives what deleted rows have left free back to the disk. Throws `in_use` while a broker uses the store. */
export async function vacuumBroker({ folder, database }: StorePlace): Promise<Vacuumed> {
  if (database === undefined) return vacuumFolder(folder);
  return await alone(database, async (client) => {
    const size = async () => {
      const sql = "SELECT pg_database_size(current_database()) AS bytes";
      return (await client.query<{ bytes: number }>(sql)).rows[0]?.bytes ?? 0;
    };
    const before = await size();
    await client.query("VACUUM (FULL, ANALYZE)");
    return { before, after: await size() };
  });
}

function vacuumFolder(folder: string): Vacuumed {
  const path = databaseOf(folder);
  const held = holdFolder(folder);
  try {
    const db = openForWriting(path);
    try {
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      const before = statSync(path).size;
      db.exec("VACUUM");
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      return { before, after: statSync(path).size };
    } finally {
      db.close();
    }
  } catch (error) {
    throw storageError(error, path);
  } finally {
    held.release();
  }
}
