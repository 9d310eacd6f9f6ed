import { markMoved } from "../store/moved.ts";
import { openForReading } from "../store/sqlite/connection.ts";
import { holdFolder } from "../store/sqlite/folder.ts";
import { databaseOf } from "./data-folder.ts";
import { migrateBroker } from "./migrate.ts";
import { type MovedTable, moveInto } from "./move/move-into.ts";
import type { Database } from "./postgres/database.ts";

export interface StoreWish extends Database {
  readonly folder: string;
  readonly at: number;
}

/**
 * Moves the store of a stopped broker's data folder to an empty PostgreSQL database. The folder keeps the broker's keys and is marked, so that no broker goes on with what it had. Throws
 * what `moveInto` throws, and `in_use` while a broker holds the folder.
 */
export async function migrateStore(
  { folder, at, ...database }: StoreWish,
  tell: (moved: MovedTable) => void = () => {},
): Promise<readonly MovedTable[]> {
  await migrateBroker({ folder, dry: false, at });
  const held = holdFolder(folder);
  try {
    const db = openForReading(databaseOf(folder));
    try {
      const moved = await moveInto(db, database, at, tell);
      markMoved(folder);
      return moved;
    } finally {
      db.close();
    }
  } finally {
    held.release();
  }
}
