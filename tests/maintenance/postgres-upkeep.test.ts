import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import {
  backupBroker,
  checkBroker,
  eraseMember,
  exportMesh,
  migrateBroker,
  restoreBroker,
  vacuumBroker,
} from "@claudemesh/broker/maintenance";
import { systemRandom } from "@claudemesh/crypto";
import { Ground, read, texts } from "../device/home-fixture.ts";
import { fillEveryTable } from "../store/every-table.ts";
import { cluster, skip } from "../store/postgres-cluster.ts";

const running = cluster();
const root = mkdtempSync(join(tmpdir(), "claudemesh-pg-upkeep-"));
after(() => rmSync(root, { recursive: true, force: true }));
const at = Date.now();
const random = systemRandom;

/** Every row of every table but the record of migrations, as text. */
function rowsOf(file: string): Record<string, readonly string[]> {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = db
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => name !== "migration" && !name.startsWith("sqlite_"));
    const all = tables.sort().map((table) => {
      const rows = db.prepare(`SELECT * FROM "${table}"`).all();
      return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
    });
    return Object.fromEntries(all);
  } finally {
    db.close();
  }
}

test("what is in every table comes through a restore into PostgreSQL and a backup out of it as it was, but for the restore's own word", {
  skip,
  timeout: 240_000,
}, async () => {
  const { server, databases } = running();
  const folder = join(root, "filled");
  await fillEveryTable(folder);
  const { moveInto } = await import("../../apps/broker/src/maintenance/move/move-into.ts");
  const { takeSnapshot } = await import("../../apps/broker/src/maintenance/postgres/snapshot.ts");
  const database = { url: server.url(await databases.create()) };
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  await moveInto(db, database, at);
  db.close();
  const told: number[] = [];
  const to = join(root, "copy.db");
  await takeSnapshot({ database, to, at }, (done, total) => told.push(done / total));
  assert.equal(told.at(-1), 1);
  assert.ok(told.length > 5);
  const [before, now] = [rowsOf(join(folder, "broker.db")), rowsOf(to)];
  for (const [table, rows] of Object.entries(before)) {
    assert.ok(rows.length > 0, table);
    assert.deepEqual(now[table], rows, table);
  }
});

test("a broker's data goes from SQLite to PostgreSQL and back by backups; every verb works on the database", {
  skip,
  timeout: 240_000,
}, async () => {
  const { server, databases } = running();
  const name = await databases.create();
  const database = { url: server.url(name) };
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await carol.api.message.send({ to: "bob", text: "waits" });
  await carol.api.message.send({ to: "alice", text: "last words" });
  const [{ id: gone } = { id: "" }] = (await alice.api.member.list({})).items.filter(
    (one) => one.name === "carol",
  );
  await alice.api.member.ban({ member: "carol" });
  await ground.stopBroker();
  const sqlite = join(ground.folder, "broker");
  const first = join(root, "from-sqlite");
  await backupBroker({ folder: sqlite, to: first, at });

  const folder = join(root, "beside-postgres");
  const there = { folder, database };
  assert.ok((await migrateBroker({ ...there, dry: true, at })).pending.length > 5);
  const tables: string[] = [];
  const wish = { ...there, from: first, force: false, at, random };
  await restoreBroker(wish, ({ table }) => tables.push(table));
  assert.ok(tables.includes("log"));
  assert.deepEqual(readdirSync(folder).sort(), ["broker.moved", "keys.json"]);
  assert.deepEqual((await migrateBroker({ ...there, dry: true, at })).pending, []);
  assert.ok((await checkBroker(there)).every(({ ok }) => ok));
  assert.deepEqual(readdirSync(folder).sort(), ["broker.moved", "keys.json"]);
  await assert.rejects(restoreBroker({ ...wish, folder: join(root, "other") }), {
    code: "exists",
    message: /the database holds something already/,
  });
  assert.equal(existsSync(join(root, "other")), false);

  await databases.run(name, "DELETE FROM log WHERE seq = 2");
  const broken = (await checkBroker(there)).filter(({ ok }) => !ok);
  assert.deepEqual(
    broken.map(({ what }) => what),
    ["log"],
  );
  await assert.rejects(backupBroker({ ...there, to: join(root, "broken"), at }), {
    code: "home_damaged",
  });
  await databases.run(name, `ALTER DATABASE ${name} SET synchronous_commit = off`);
  const [unsafe] = await checkBroker(there);
  assert.match(unsafe?.detail ?? "", /^synchronous_commit is off, with which messages could be/);
  assert.equal(unsafe?.ok, false);
  const again = await databases.create();
  const whole = { folder: join(root, "whole"), database: { url: server.url(again) } };
  await restoreBroker({ ...wish, ...whole });

  const exported = join(root, "mesh.jsonl");
  const { rows } = await exportMesh({ ...whole, mesh: "team", to: exported, at });
  const lines = readFileSync(exported, "utf8").trimEnd().split("\n");
  assert.deepEqual(JSON.parse(lines.at(-1) ?? ""), { end: true, rows });
  assert.ok((rows.log ?? 0) > 5 && (rows.roster ?? 0) > 5);
  await assert.rejects(exportMesh({ ...whole, mesh: "none", to: join(root, "none"), at }), {
    code: "not_found",
  });

  const erased = await eraseMember({ ...whole, mesh: "team", member: gone, at });
  assert.ok((erased.rows.profile ?? 0) === 1 && (erased.rows.log ?? 0) >= 2);
  const { rows: left } = await databases.run(
    again,
    `SELECT 1 FROM profile WHERE member = '${gone}'`,
  );
  assert.equal(left.length, 0);
  const { before, after: now } = await vacuumBroker(whole);
  assert.ok(before > 0 && now > 0);
  assert.ok((await checkBroker(whole)).every(({ ok }) => ok));

  // Back to a data folder, on which devices go on.
  const second = join(root, "from-postgres");
  const manifest = await backupBroker({ ...whole, to: second, at });
  assert.deepEqual(readdirSync(second).sort(), ["backup.json", "broker.db", "keys.json"]);
  assert.equal(manifest.meshes.length, 1);
  await restoreBroker({ from: second, folder: sqlite, force: true, at: Date.now(), random });
  await ground.startBroker();
  assert.deepEqual(texts(await read(alice)), []);
  await alice.api.message.send({ to: "bob", text: "over there and back" });
  assert.deepEqual(texts(await read(bob)), ["over there and back"]);
});
