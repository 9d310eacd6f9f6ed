import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { loadMigrations, type Migration } from "../migrations.ts";
import { migrate } from "./migrate.ts";

const one: Migration = { name: "0001-one.sql", sql: "CREATE TABLE one (a TEXT)", hash: "h1" };
const two: Migration = { name: "0002-two.sql", sql: "CREATE TABLE two (a TEXT)", hash: "h2" };

const tables = (db: DatabaseSync) =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => name);

test("shipped migrations are read in order with the SHA-256 of each file", async () => {
  const [first] = await loadMigrations();
  assert.equal(first?.name, "0001-init.sql");
  assert.match(first?.hash ?? "", /^[0-9a-f]{64}$/);
});

test("only what is new is applied", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, [one], 1);
  migrate(db, [one], 2);
  migrate(db, [one, two], 3);
  assert.deepEqual(tables(db), ["migration", "one", "two"]);
  const times = db.prepare("SELECT applied_at FROM migration ORDER BY name").all();
  assert.deepEqual(
    times.map((row) => row.applied_at),
    [1, 3],
  );
});

test("an edited file is refused by name", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, [one, two], 1);
  assert.throws(() => migrate(db, [{ ...one, hash: "other" }, two], 2), {
    code: "home_damaged",
    message: /0001-one\.sql/,
  });
});

test("a store of a newer broker is refused by name", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, [one, two], 1);
  assert.throws(() => migrate(db, [one], 2), {
    code: "upgrade_required",
    message: /0002-two\.sql/,
  });
});

test("a migration slipped in before an applied one is refused", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, [two], 1);
  assert.throws(() => migrate(db, [one, two], 2), {
    code: "home_damaged",
    message: /0001-one\.sql/,
  });
});

test("a migration that fails leaves nothing behind", () => {
  const db = new DatabaseSync(":memory:");
  const broken = { ...two, sql: "CREATE TABLE two (a TEXT); CREATE TABLE one (a TEXT)" };
  assert.throws(() => migrate(db, [one, broken], 1), /already exists/);
  assert.deepEqual(tables(db), ["migration", "one"]);
  migrate(db, [one, two], 2);
  assert.deepEqual(tables(db), ["migration", "one", "two"]);
});
