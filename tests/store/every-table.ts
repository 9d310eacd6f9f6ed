import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { creation, message, range } from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";

const now = () => 1_800_000_000_000;

/** A data folder with a mesh and more messages than one page of a move, and in every table that there is some rows of unusual values. */
export async function fillEveryTable(folder: string): Promise<void> {
  const store = await openSqliteStore({ folder, now, ...bundledWriter });
  await store.write.createMesh(creation());
  await Promise.all(range(1, 1_200).map((n) => store.write.appendMessage(message(n))));
  await store.close();
  const db = new DatabaseSync(join(folder, "broker.db"));
  try {
    const tables = db
      .prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'",
      )
      .all();
    for (const { name } of tables) for (const n of [1, 2, 3]) addRow(db, String(name), n);
  } finally {
    db.close();
  }
}

/** Texts that are easily bent on their way, and numbers up to the largest that is exact. */
function addRow(db: DatabaseSync, table: string, n: number): void {
  const columns = db
    .prepare('SELECT name, type, "notnull" AS needed, pk FROM pragma_table_info(?)')
    .all(table);
  const values = columns.map(({ name, type, needed, pk }) => {
    if (n === 3 && needed === 0 && pk === 0) return null;
    if (type === "TEXT") return `${name} ${n} {"a,b":"\\"} 'ä' 🦊\n\t\u0001 NULL`;
    return n === 2 ? Number.MAX_SAFE_INTEGER : 1_000_000 + n;
  });
  const marks = columns.map(() => "?").join(", ");
  db.prepare(`INSERT INTO ${table} VALUES (${marks})`).run(...values);
}
