import assert from "node:assert/strict";
import { test } from "node:test";
import { loadMigrations } from "../migrations.ts";
import { postgresMigrations } from "./migrations.ts";

test("every shipped migration has a form for PostgreSQL under its name, in the same order", async () => {
  const shipped = await loadMigrations();
  const translated = await postgresMigrations();
  assert.deepEqual(
    translated.map(({ name }) => name),
    shipped.map(({ name }) => name),
  );
});

test("what only SQLite understands is not left in any of them", async () => {
  for (const { name, sql } of await postgresMigrations()) {
    assert.doesNotMatch(sql, /WITHOUT ROWID|INTEGER PRIMARY KEY|json_each|\bBLOB\b/, name);
    assert.doesNotMatch(sql, /\bTEXT\b(?! COLLATE "C")/, name);
  }
});
