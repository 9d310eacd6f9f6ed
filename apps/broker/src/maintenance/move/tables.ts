import type { DatabaseSync } from "node:sqlite";
import { MeshError } from "@claudemesh/protocol";
import type pg from "pg";

/** A table that both stores have, with its columns and its key in order. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** of each column in PostgreSQL */
  readonly types: readonly string[];
  /** the column whose numbers the database draws */
  readonly drawn: string | undefined;
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly identity: string;
}

/** The tables of a data folder as the database has them too. Throws `internal` should the two not have the same tables and columns. */
export async function commonTables(db: DatabaseSync, client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Column>(
    `SELECT table_name AS table, column_name AS name, data_type AS type, is_identity AS identity
      FROM information_schema.columns WHERE table_schema = current_schema() AND table_name <> 'migration'`,
  );
  const there = Map.groupBy(rows, ({ table }) => table);
  const names = db
    .prepare(
      // Full-text search has tables of its own there, which the database's index stands in for.
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration' ORDER BY name",
    )
    .all()
    .map(({ name }) => String(name));
  if (names.join() !== [...there.keys()].sort().join()) throw differs("tables");
  return names.map((name) => tableOf(db, name, there.get(name) ?? []));
}

function tableOf(db: DatabaseSync, name: string, there: readonly Column[]): Table {
  const own = db.prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid").all(name) as {
    name: string;
    pk: number;
  }[];
  const columns = own.map((column) => column.name);
  const others = new Map(there.map((column) => [column.name, column]));
  if (columns.length !== others.size || columns.some((column) => !others.has(column))) {
    throw differs(`columns of ${name}`);
  }
  return {
    name,
    columns,
    key: own
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map((column) => column.name),
    types: columns.map((column) => others.get(column)?.type ?? ""),
    drawn: there.find(({ identity }) => identity === "YES")?.name,
  };
}

const differs = (what: string): MeshError =>
  new MeshError("internal", `the data folder and the database do not have the same ${what}`);

/** Names of tables and columns come from the schema, never from outside. */
export const quoted = (names: readonly string[]): string =>
  names.map((name) => `"${name}"`).join(", ");
