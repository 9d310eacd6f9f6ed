import type { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import type pg from "pg";
import { markMoved } from "../store/moved.ts";
import { openForReading } from "../store/sqlite/connection.ts";
import { holdFolder } from "../store/sqlite/folder.ts";
import { systemTimer } from "../timer.ts";
import { databaseOf } from "./data-folder.ts";
import { migrateBroker } from "./migrate.ts";
import type { TableDigest } from "./move/digest.ts";

export interface StoreWish {
  readonly folder: string;
  /** the database, as the role that the broker runs with */
  readonly url: string;
  /** as the role that owns the tables, where that is another one */
  readonly ownerUrl?: string | undefined;
  readonly at: number;
}

/** A table that was copied and read back. */
export type MovedTable = TableDigest & { readonly table: string };

const timeoutMs = 30_000;
/** Large tables travel in pages; only what ends the transaction waits for all of it. */
const statementMs = 3_600_000;

/**
 * Moves the store of a stopped broker's data folder to an empty PostgreSQL database: everything in one transaction, which is committed only if each table reads back with the rows and the
 * hash that it had. The folder keeps the broker's keys and is marked, so that no broker goes on with what it had. Throws `in_use`, `exists` for a database that holds something, and what storage refuses.
 */
export async function migrateStore(
  wish: StoreWish,
  tell: (moved: MovedTable) => void = () => {},
): Promise<readonly MovedTable[]> {
  const { folder, url, ownerUrl, at } = wish;
  await migrateBroker({ folder, dry: false, at });
  const held = holdFolder(folder);
  let db: DatabaseSync | undefined;
  try {
    db = openForReading(databaseOf(folder));
    const { openClient } = await import("../store/postgres/connect.ts");
    const { storageError } = await import("../store/postgres/errors.ts");
    const { prepare } = await import("../store/postgres/prepare.ts");
    const { Tenancy } = await import("../store/postgres/tenancy.ts");
    await prepare({ url, ownerUrl, timeoutMs, now: () => at });
    const to = { url, timeoutMs, timer: systemTimer };
    const tenancy = await Tenancy.take({ ...to, log: () => {} });
    try {
      const client = await openClient({ url: ownerUrl ?? url, timeoutMs, statementMs });
      try {
        const moved = await copyAll(db, client, tell);
        markMoved(folder);
        return moved;
      } catch (error) {
        throw storageError(error);
      } finally {
        await client.end();
      }
    } finally {
      await tenancy.release();
    }
  } finally {
    db?.close();
    held.release();
  }
}

async function copyAll(
  db: DatabaseSync,
  client: pg.ClientBase,
  tell: (moved: MovedTable) => void,
): Promise<MovedTable[]> {
  const { commonTables } = await import("./move/tables.ts");
  const { copyTable, readBack } = await import("./move/copy-table.ts");
  await client.query("BEGIN");
  try {
    const tables = await commonTables(db, client);
    for (const { name } of tables) {
      const { rows } = await client.query(`SELECT 1 FROM "${name}" LIMIT 1`);
      if (rows.length > 0) throw occupied(name);
    }
    const done: MovedTable[] = [];
    for (const table of tables) {
      const there = await copyTable(db, client, table);
      const back = await readBack(client, table);
      if (back.rows !== there.rows || back.hash !== there.hash) throw altered(table.name);
      const moved = { table: table.name, ...back };
      done.push(moved);
      tell(moved);
    }
    await client.query("COMMIT");
    return done;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw unkeepable(error) ?? error;
  }
}

const occupied = (table: string): MeshError =>
  new MeshError("exists", `the database holds something already: table ${table}`, {
    hint: "a move goes to an empty database; if an earlier one was whole, start the broker on it",
  });

const altered = (table: string): MeshError =>
  new MeshError("internal", `table ${table} did not read back as it was; nothing was moved`);

/** PostgreSQL keeps no text with a NUL character; 22021 is what it says then. */
function unkeepable(error: unknown): MeshError | undefined {
  if ((error as { code?: unknown }).code !== "22021") return undefined;
  return new MeshError("malformed", "a row has a character that PostgreSQL cannot keep", {
    cause: error,
  });
}
