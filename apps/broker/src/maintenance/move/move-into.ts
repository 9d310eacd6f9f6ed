import type { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import type pg from "pg";
import { alone, type Database, prepared } from "../postgres/database.ts";
import type { TableDigest } from "./digest.ts";

/** A table that was copied and read back. */
export type MovedTable = TableDigest & { readonly table: string };

/**
 * Copies what a data folder's database holds to an empty PostgreSQL database that no broker uses, in one transaction, which is committed only if each table reads back with the rows and the hash that it
 * had. Throws `in_use`, `exists` for a database that holds something, and what storage refuses.
 */
export async function moveInto(
  db: DatabaseSync,
  database: Database,
  at: number,
  tell: (moved: MovedTable) => void = () => {},
): Promise<readonly MovedTable[]> {
  await prepared(database, at);
  return await alone(database, (client) => copyAll(db, client, tell));
}

async function copyAll(
  db: DatabaseSync,
  client: pg.ClientBase,
  tell: (moved: MovedTable) => void,
): Promise<MovedTable[]> {
  const { commonTables } = await import("./tables.ts");
  const { copyTable, readBack } = await import("./copy-table.ts");
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
    hint: "what is put into a database goes to an empty one; if an earlier try was whole, start the broker on it",
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
