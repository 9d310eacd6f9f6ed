import { createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MeshError } from "@claudemesh/protocol";
import { storageError } from "../store/sqlite/errors.ts";
import { reading } from "./check.ts";
import { lastMigration, type MeshFacts, meshesOf } from "./check-database.ts";
import { databaseOf } from "./data-folder.ts";
import type { Database, StorePlace } from "./postgres/database.ts";

export interface ExportWish extends StorePlace {
  /** id or slug */
  readonly mesh: string;
  /** the file to make */
  readonly to: string;
  readonly at: number;
}

export interface Exported {
  readonly mesh: MeshFacts["id"];
  /** table to rows */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Writes everything that the broker holds of one mesh to a file of JSON lines: a head, then each row of each table with its table's name, then what was counted.
 * Works while the broker runs. Throws `not_found`, `ambiguous`, `exists` and what storage refuses.
 */
export async function exportMesh(wish: ExportWish): Promise<Exported> {
  const { folder, database, at, to } = wish;
  if (existsSync(to)) throw new MeshError("exists", `there is something already: ${to}`);
  const part = `${to}.part`;
  rmSync(part, { force: true });
  try {
    const write = (path: string) =>
      reading(path, async (db) => {
        const facts = meshNamed(db, wish.mesh);
        const rows: Record<string, number> = {};
        const lines = Readable.from(linesOf(db, facts, at, rows));
        await pipeline(lines, createWriteStream(part, { mode: 0o600, flags: "wx", flush: true }));
        return { mesh: facts.id, rows };
      });
    const done =
      database === undefined
        ? await write(databaseOf(folder))
        : await withSnapshotOf({ folder, database, at, mesh: wish.mesh }, write);
    renameSync(part, to);
    return done;
  } catch (error) {
    rmSync(part, { force: true });
    throw storageError(error, to);
  }
}

async function withSnapshotOf<T>(
  { mesh, ...wish }: StorePlace & { database: Database; at: number; mesh: string },
  use: (path: string) => Promise<T>,
): Promise<T> {
  const { withSnapshot } = await import("./postgres/snapshot.ts");
  return await withSnapshot({ ...wish, only: (db) => meshNamed(db, mesh).no }, use);
}

/** The mesh of an id or slug. Throws `not_found` and `ambiguous`. */
export const meshNamed = (db: DatabaseSync, name: string): MeshFacts =>
  oneNamed(meshesOf(db), name);

/** The one of an id or slug. Throws `not_found` and `ambiguous`. */
export function oneNamed<M extends Pick<MeshFacts, "id" | "slug">>(
  all: readonly M[],
  name: string,
): M {
  const found = all.filter(({ id, slug }) => id === name || slug === name);
  const [only] = found;
  if (only === undefined) {
    const there = all.map(({ slug }) => slug).slice(0, 10);
    throw new MeshError("not_found", `mesh: this broker has none of that name or id`, {
      hint: there.length === 0 ? "it has no mesh at all" : `it has: ${there.join(", ")}`,
    });
  }
  if (found.length > 1) {
    throw new MeshError("ambiguous", "mesh: more than one has that name; give its id", {
      hint: found.map(({ id }) => id).join(" "),
    });
  }
  return only;
}

/** The tables that hold rows of a mesh, by their own columns: a table that a later migration adds is there as well. */
export function tablesOfMesh(db: DatabaseSync): string[] {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all() as { name: string }[];
  return tables.map(({ name }) => name).filter((name) => columnsOf(db, name).includes("mesh"));
}

export const columnsOf = (db: DatabaseSync, table: string): string[] =>
  (db.prepare("SELECT name FROM pragma_table_info(?)").all(table) as { name: string }[]).map(
    ({ name }) => name,
  );

function* linesOf(
  db: DatabaseSync,
  { no, id, slug }: MeshFacts,
  at: number,
  rows: Record<string, number>,
): Generator<string> {
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  yield line({ claudemesh: "mesh-export", v: 1, mesh: id, slug, at, migration: lastMigration(db) });
  const mesh = db.prepare("SELECT * FROM mesh WHERE no = ?").get(no);
  rows.mesh = 1;
  yield line({ table: "mesh", row: { ...mesh } });
  for (const table of tablesOfMesh(db)) {
    rows[table] = 0;
    // The name is the schema's own, not anybody's input.
    for (const row of db.prepare(`SELECT * FROM "${table}" WHERE mesh = ?`).iterate(no)) {
      rows[table] += 1;
      yield line({ table, row: { ...(row as object) } });
    }
  }
  yield line({ end: true, rows });
}
