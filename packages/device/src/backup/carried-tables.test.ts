import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { ready } from "@claudemesh/crypto";
import { migrate } from "../store/migrate.ts";
import { migrations } from "../store/migrations.ts";
import { carriedTables, leftTables } from "./carried-tables.ts";

test("of every table with rows of a mesh it was decided whether a backup carries it", async () => {
  await ready();
  const db = new DatabaseSync(":memory:");
  migrate(db, migrations, 0);
  const tables = db
    .prepare(
      `SELECT t.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
       WHERE c.name = 'mesh' AND t.schema = 'main' ORDER BY t.name`,
    )
    .all() as unknown as { name: string }[];
  const decided = [...Object.keys(carriedTables), ...leftTables].sort();
  assert.deepEqual(
    tables.map(({ name }) => name),
    decided,
    "add the table to carriedTables or leftTables",
  );
});
