import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { migrateStore } from "@claudemesh/broker/maintenance";
import { InProcessBus } from "../../apps/broker/src/bus/in-process.ts";
import { loadConfig } from "../../apps/broker/src/config/load.ts";
import { openStore } from "../../apps/broker/src/store/open-store.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { systemTimer } from "../../apps/broker/src/timer.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";
import { fillEveryTable } from "./every-table.ts";
import { cluster, openAlone, skip } from "./postgres-cluster.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const running = cluster();
const at = 1_800_000_000_000;

/** Every row of every table, each as text. */
function rowsOf(folder: string): Map<string, string[]> {
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  try {
    const tables = db
      .prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'",
      )
      .all()
      .map(({ name }) => String(name));
    return new Map(
      tables.map((table) => [
        table,
        db
          .prepare(`SELECT * FROM ${table}`)
          .all()
          .map((row) => JSON.stringify(row, Object.keys(row).sort()))
          .sort(),
      ]),
    );
  } finally {
    db.close();
  }
}

test("a data folder with something in every table is in the database afterwards, row by row, and the folder is marked", {
  skip,
}, async (t) => {
  const folder = await temporaryFolder(t);
  await fillEveryTable(folder);
  const before = rowsOf(folder);
  for (const [table, rows] of before) assert.ok(rows.length > 0, `nothing is in ${table}`);

  const { server, databases } = running();
  const name = await databases.create();
  const moved = await migrateStore({ folder, url: server.url(name), at });
  assert.deepEqual(moved.map(({ table }) => table).sort(), [...before.keys()].sort());
  for (const [table, rows] of before) {
    const { rows: found } = await databases.run(
      name,
      `SELECT row_to_json(one)::text AS text FROM "${table}" AS one`,
    );
    const texts = found.map(({ text }: { text: string }) => {
      const row = JSON.parse(text);
      return JSON.stringify(row, Object.keys(row).sort());
    });
    assert.deepEqual(texts.sort(), rows, table);
    assert.equal(moved.find((one) => one.table === table)?.rows, rows.length);
  }

  await assert.rejects(
    openStore(
      loadConfig({ overrides: { dataDir: folder } }),
      { encryptionKey: undefined, metricsToken: undefined },
      {
        now: () => at,
        timer: systemTimer,
        bus: new InProcessBus().join(),
        meter: { ticks: () => 0, wrote() {} },
        log() {},
      },
    ),
    { code: "conflict", message: /moved/ },
  );
  await assert.rejects(migrateStore({ folder, url: server.url(name), at }), { code: "exists" });
});

test("a move that fails in the middle leaves the database empty, and can be made again", {
  skip,
}, async (t) => {
  const folder = await temporaryFolder(t);
  await fillEveryTable(folder);
  const db = new DatabaseSync(join(folder, "broker.db"));
  db.prepare("UPDATE topic SET name = ?").run("nul\0character");
  db.close();
  const { server, databases } = running();
  const name = await databases.create();
  const wish = { folder, url: server.url(name), at };
  await assert.rejects(migrateStore(wish), { code: "malformed" });
  const { rows } = await databases.run(name, "SELECT count(*)::int AS count FROM log");
  assert.equal(rows[0].count, 0);

  const again = new DatabaseSync(join(folder, "broker.db"));
  again.prepare("UPDATE topic SET name = ?").run("plain");
  again.close();
  assert.ok((await migrateStore(wish)).length > 0);
});

test("neither a folder nor a database that a broker uses is moved", { skip }, async (t) => {
  const folder = await temporaryFolder(t);
  const { server, databases } = running();
  const url = server.url(await databases.create());
  const store = await openSqliteStore({ folder, now: () => at, ...bundledWriter });
  await assert.rejects(migrateStore({ folder, url, at }), { code: "in_use" });
  await store.close();
  const used = await openAlone(url);
  await assert.rejects(migrateStore({ folder, url, at }), { code: "in_use" });
  await used.close();
});
