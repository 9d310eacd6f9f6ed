import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import type pg from "pg";
import { loadMigrations } from "../../store/migrations.ts";
import { openForWriting } from "../../store/sqlite/connection.ts";
import { migrate } from "../../store/sqlite/migrate.ts";
import { RowDigest } from "../move/digest.ts";
import { quoted, type Table } from "../move/tables.ts";
import { connected, type Database, requireCurrent } from "./database.ts";

/** Rows that are fetched, and written, at a time. */
const pageRows = 500;

export interface SnapshotWish {
  readonly database: Database;
  /** the SQLite file to make */
  readonly to: string;
  readonly at: number;
  /** the number of the one mesh to take, once the meshes are there */
  readonly only?: (db: DatabaseSync) => number;
}

/**
 * Copies one moment of the database, also while brokers write to it, to a SQLite file with the same tables, as a data folder has it. Each table is read back and compared. `tell` is told rows done, and about
 * how many there are. Throws `upgrade_required` for tables of another version.
 */
export async function takeSnapshot(
  { database, to, at, only }: SnapshotWish,
  tell: (done: number, total: number) => void = () => {},
): Promise<void> {
  const { commonTables } = await import("../move/tables.ts");
  const migrations = await loadMigrations();
  await connected(database.url, async (client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await requireCurrent(client);
    const db = openForWriting(to);
    try {
      migrate(db, migrations, at);
      const tables = await commonTables(db, client);
      const total = await about(client, tables);
      let done = 0;
      const add = (rows: number) => {
        done += rows;
        tell(Math.min(done, total), total);
      };
      const meshes = tables.filter(({ name }) => name === "mesh");
      for (const table of meshes) await copyBack(client, db, table, add);
      const mesh = only?.(db);
      for (const table of tables) {
        const isWanted = mesh === undefined || isByNumber(table);
        if (table.name !== "mesh" && isWanted) await copyBack(client, db, table, add, mesh);
      }
      tell(total, total);
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      // One file, without a write-ahead log beside it.
      db.exec("PRAGMA journal_mode = DELETE");
    } finally {
      db.close();
    }
    await client.query("COMMIT");
  });
}

/** Runs `use` on a snapshot that is taken away afterwards; it lies in the data folder, where there is one. */
export async function withSnapshot<T>(
  wish: Omit<SnapshotWish, "to"> & { readonly folder: string },
  use: (path: string) => Promise<T>,
): Promise<T> {
  const { folder, ...rest } = wish;
  const temporary = mkdtempSync(join(existsSync(folder) ? folder : tmpdir(), "snapshot-"));
  try {
    const to = join(temporary, "broker.db");
    await takeSnapshot({ ...rest, to });
    return await use(to);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Whether a table's rows say by its number of which mesh they are. */
const isByNumber = ({ columns, types }: Table): boolean =>
  types[columns.indexOf("mesh")] === "bigint";

/** How many rows the server believes that the tables have. */
async function about(client: pg.Client, tables: readonly Table[]): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(
    "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint AS rows FROM pg_class WHERE relname = ANY($1)",
    [tables.map(({ name }) => name)],
  );
  return Math.max(1, rows[0]?.rows ?? 0);
}

async function copyBack(
  client: pg.Client,
  db: DatabaseSync,
  { name, columns, key }: Table,
  add: (rows: number) => void,
  mesh?: number,
): Promise<void> {
  const there = new RowDigest();
  const where = mesh === undefined ? "" : `WHERE mesh = ${Number(mesh)}`;
  await client.query(
    `DECLARE taken NO SCROLL CURSOR FOR SELECT ${quoted(columns)} FROM "${name}" ${where} ORDER BY ${quoted(key)}`,
  );
  const insert = db.prepare(
    `INSERT INTO "${name}" (${quoted(columns)}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  for (;;) {
    const text = `FETCH ${pageRows} FROM taken`;
    const { rows } = await client.query<(string | number | null)[]>({ text, rowMode: "array" });
    if (rows.length === 0) break;
    db.exec("BEGIN");
    for (const row of rows) {
      there.add(row);
      insert.run(...row);
    }
    db.exec("COMMIT");
    add(rows.length);
  }
  await client.query("CLOSE taken");
  const back = new RowDigest();
  const select = `SELECT ${quoted(columns)} FROM "${name}" ${where} ORDER BY ${quoted(key)}`;
  for (const row of db.prepare(select).iterate()) back.add(columns.map((column) => row[column]));
  const { rows, hash } = there.digest;
  if (back.digest.rows === rows && back.digest.hash === hash) return;
  throw new MeshError("internal", `table ${name} did not read back as it was; nothing was kept`);
}
