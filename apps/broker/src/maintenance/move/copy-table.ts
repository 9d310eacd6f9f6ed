import type { DatabaseSync } from "node:sqlite";
import type pg from "pg";
import { RowDigest, type TableDigest } from "./digest.ts";
import { quoted, type Table } from "./tables.ts";

/** What travels in one statement: rows, and about as much text. */
const pageRows = 500;
const pageChars = 4 * 1024 * 1024;

/** Copies one table, as part of the transaction that the client is in; answers what was read. */
export async function copyTable(
  db: DatabaseSync,
  client: pg.ClientBase,
  table: Table,
): Promise<TableDigest> {
  const { name, columns, key, types, drawn } = table;
  const digest = new RowDigest();
  const insert = `INSERT INTO "${name}" (${quoted(columns)}) SELECT * FROM unnest(${types
    .map((type, index) => `$${index + 1}::${type}[]`)
    .join(", ")})`;
  let page: (readonly unknown[])[] = [];
  let chars = 0;
  const write = async () => {
    if (page.length === 0) return;
    const values = columns.map((_, index) => page.map((row) => row[index]));
    page = [];
    chars = 0;
    await client.query(insert, values);
  };
  const select = `SELECT ${quoted(columns)} FROM "${name}" ORDER BY ${quoted(key)}`;
  for (const row of db.prepare(select).iterate()) {
    const values = columns.map((column) => row[column]);
    digest.add(values);
    page.push(values);
    for (const value of values) chars += typeof value === "string" ? value.length : 8;
    if (page.length >= pageRows || chars >= pageChars) await write();
  }
  await write();
  if (drawn !== undefined) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), max("${drawn}")) FROM "${name}" HAVING count(*) > 0`,
      [name, drawn],
    );
  }
  return digest.digest;
}

/** Reads a table back as the database has it now. */
export async function readBack(client: pg.ClientBase, table: Table): Promise<TableDigest> {
  const { name, columns, key } = table;
  const digest = new RowDigest();
  await client.query(
    `DECLARE back NO SCROLL CURSOR FOR SELECT ${quoted(columns)} FROM "${name}" ORDER BY ${quoted(key)}`,
  );
  for (;;) {
    const { rows } = await client.query<unknown[]>({
      text: "FETCH 100 FROM back",
      rowMode: "array",
    });
    for (const row of rows) digest.add(row);
    if (rows.length === 0) break;
  }
  await client.query("CLOSE back");
  return digest.digest;
}
