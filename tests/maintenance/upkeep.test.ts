import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
import { keepsIds } from "../../apps/broker/src/maintenance/erasures.ts";
import { columnsOf, tablesOfMesh } from "../../apps/broker/src/maintenance/export-mesh.ts";
import { startBroker } from "../broker/support/broker.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";

const root = mkdtempSync(join(tmpdir(), "claudemesh-upkeep-"));
after(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = (name: string): string => join(root, `${name}-${made++}`);
const at = Date.now();

/** A data folder of a broker that has stopped: two members, a message, and one who has left. */
async function settledFolder() {
  const folder = fresh("data");
  await using broker = await startBroker({}, {}, folder);
  const alice = await foundMesh(broker.url);
  const bob = await addMember(alice, "bob-the-person");
  const client = await alice.connect();
  await client.call("message.send", { envelope: alice.message(bob, "hello") });
  await client.close();
  const line = await bob.connect();
  await line.call("message.send", { envelope: bob.message(alice, "hello back") });
  await line.call("mesh.leave", { entry: bob.next("remove", { member: bob.id }) });
  await line.closed;
  return { folder, alice, bob };
}

const change = (folder: string, sql: string): void => {
  const db = new DatabaseSync(join(folder, "broker.db"));
  db.exec(sql);
  db.close();
};

const failures = async (folder: string): Promise<string[]> =>
  (await checkBroker({ folder }))
    .filter(({ ok }) => !ok)
    .map(({ what, detail }) => `${what}: ${detail}`);

test("a check tells what it looked at, and names what does not hold", async () => {
  const { folder } = await settledFolder();
  const found = await checkBroker({ folder });
  assert.deepEqual(
    found.map(({ what, ok }) => [what, ok]),
    ["integrity", "schema", "log", "roster", "audit"].map((what) => [what, true]),
  );
  const spoiled: [sql: string, said: RegExp][] = [
    ["DELETE FROM log WHERE seq = 3", /^log: .*the head is/],
    ["UPDATE mesh SET head_seq = head_seq + 1", /^log: /],
    ["UPDATE roster SET hash = replace(hash, 'a', 'b') WHERE seq = 1", /^roster: entry 1 has/],
    ["UPDATE roster SET entry = replace(entry, '\"at\":1', '\"at\":2') WHERE seq = 1", /^roster: /],
    ["DROP INDEX audit_at", /^schema: /],
  ];
  for (const [sql, said] of spoiled) {
    const copy = fresh("spoiled");
    await backupBroker({ folder, to: copy, at });
    change(copy, sql);
    assert.match((await failures(copy)).join("\n"), said, sql);
  }
});

test("a check names the row of the audit chain that was tampered with, whatever was changed in it", async () => {
  const { folder } = await settledFolder();
  const flip = (json: string, from: string, to: string) =>
    `UPDATE audit SET body = replace(body, '${from}', '${to}') WHERE ${json}`;
  const spoiled: [sql: string, said: RegExp][] = [
    ["UPDATE audit SET at = at + 1 WHERE seq = 2", /row 2: its time/],
    ["UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE seq = 2", /row 2: /],
    [flip("seq = 2", '"act":"', '"act":"x'), /row 2: its hash is not/],
    [flip("seq = 2", '"op":"', '"op":"x'), /row 2: its hash is not/],
    [flip("seq = 2", '"at":1', '"at":2'), /row 2: its time/],
    [flip("seq = 2", '"about":"', '"about":"x'), /row 2: its hash is not/],
    [flip("seq = 2", '"by":{', '"by":{"x":1,'), /row 2: /],
    [flip("seq = 2", '"ref":"', '"ref":"x'), /row 2: its hash is not/],
    [flip("seq = 2", '"mesh":"mesh_', '"mesh":"mesh_0'), /row 2: it is of another mesh/],
    [flip("seq = 2", '"seq":2', '"seq":3'), /row 2: its body is that of row 3/],
    [flip("seq = 2", '"prev":"', '"prev":"x'), /row 2: it does not follow/],
    [flip("seq = 2", '"v":1', '"v":2'), /row 2: its hash is not/],
    [flip("seq = 2", '"v":1', '"v": 1'), /row 2: its body is not canonical/],
    ["DELETE FROM audit WHERE seq = 2", /row 2: row 3 stands where row 2 belongs/],
    ["DELETE FROM audit WHERE seq = 1", /row 1: row 2 stands where row 1 belongs/],
    ["DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", /the chain ends at row/],
    ["UPDATE audit_chain SET seq = seq - 1", /but the chain goes on/],
    ["UPDATE audit_chain SET hash = replace(hash, substr(hash, 1, 1), 'z')", /another hash/],
    ["DELETE FROM audit_chain", /but the chain goes on/],
    [
      "UPDATE audit SET seq = -seq; UPDATE audit SET seq = CASE seq WHEN -2 THEN 3 WHEN -3 THEN 2 ELSE -seq END",
      /row 2: its body is that of row 3/,
    ],
  ];
  for (const [sql, said] of spoiled) {
    const copy = fresh("spoiled");
    await backupBroker({ folder, to: copy, at });
    change(copy, sql);
    assert.match((await failures(copy)).join("\n"), said, sql);
  }
});

test("a backup is refused over what is there, and of what is not", async () => {
  const { folder } = await settledFolder();
  const to = fresh("backup");
  const manifest = await backupBroker({ folder, to, at });
  assert.deepEqual(readdirSync(to).sort(), ["backup.json", "broker.db", "keys.json"]);
  assert.equal(manifest.keys, true);
  assert.equal(manifest.meshes.length, 1);
  await assert.rejects(backupBroker({ folder, to, at }), { code: "exists" });
  await assert.rejects(backupBroker({ folder: fresh("nothing"), to: fresh("b"), at }), {
    code: "not_found",
  });
  change(folder, "DELETE FROM log WHERE seq = 2");
  const bad = fresh("bad");
  await assert.rejects(backupBroker({ folder, to: bad, at }), { code: "home_damaged" });
  assert.equal(existsSync(bad), false);
});

test("a restore keeps what was there, and is refused without a word for it", async () => {
  const { folder } = await settledFolder();
  const from = fresh("backup");
  await backupBroker({ folder, to: from, at });
  const wish = { from, folder, at, random: systemRandom };
  await assert.rejects(restoreBroker({ ...wish, force: false }), { code: "exists" });
  const restored = await restoreBroker({ ...wish, force: true });
  assert.ok(restored.aside && existsSync(join(restored.aside, "broker.db")));
  assert.deepEqual(await failures(folder), []);
  const epoch = (path: string): unknown => {
    const db = new DatabaseSync(join(path, "broker.db"), { readOnly: true });
    const row = db.prepare("SELECT epoch, epoch_base, head_seq FROM mesh").get();
    db.close();
    return { ...row };
  };
  const [now, before] = [epoch(folder), epoch(restored.aside)] as Record<string, unknown>[];
  assert.notEqual(now?.epoch, before?.epoch);
  assert.equal(now?.epoch_base, before?.head_seq);
  await assert.rejects(restoreBroker({ ...wish, from: fresh("none"), force: true }), {
    code: "not_found",
  });
  writeFileSync(join(from, "broker.db"), "no database");
  await assert.rejects(restoreBroker({ ...wish, force: true }), { code: "home_damaged" });
  assert.deepEqual(await failures(folder), []);
});

test("what needs the folder alone is refused while a broker holds it", async () => {
  await using broker = await startBroker();
  const { folder } = broker;
  const alice = await foundMesh(broker.url);
  const held = { code: "in_use" };
  await assert.rejects(vacuumBroker({ folder }), held);
  await assert.rejects(migrateBroker({ folder, dry: false, at }), held);
  const wish = { folder, mesh: alice.mesh, member: alice.id, at };
  await assert.rejects(eraseMember(wish), held);
  const from = fresh("backup");
  await backupBroker({ folder, to: from, at });
  await assert.rejects(
    restoreBroker({ from, folder, force: true, at, random: systemRandom }),
    held,
  );
  assert.deepEqual((await migrateBroker({ folder, dry: true, at })).pending, []);
});

test("a vacuum makes the file as small as what it holds", async () => {
  const { folder } = await settledFolder();
  change(
    folder,
    "CREATE TABLE big (x); INSERT INTO big VALUES (zeroblob(3000000)); DROP TABLE big",
  );
  const { before, after: now } = await vacuumBroker({ folder });
  assert.ok(before > now + 2_000_000, `${before} ${now}`);
  assert.deepEqual(await failures(folder), []);
});

test("an export is every row of the mesh, of every table, and of no other mesh", async () => {
  const folder = fresh("data");
  const broker = await startBroker({}, {}, folder);
  const alice = await foundMesh(broker.url, "mine");
  const other = await foundMesh(broker.url, "other");
  await addMember(alice, "bob");
  const to = fresh("export");
  const done = await exportMesh({ folder, mesh: "mine", to, at });
  await broker.broker.stop();
  const [head, ...rest] = readFileSync(to, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(head.mesh, alice.mesh);
  assert.deepEqual(rest.at(-1), { end: true, rows: done.rows });
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  for (const table of tablesOfMesh(db)) {
    const sql = `SELECT count(*) AS n FROM "${table}" WHERE mesh = (SELECT no FROM mesh WHERE id = ?)`;
    const { n } = db.prepare(sql).get(alice.mesh) as { n: number };
    assert.equal(rest.filter((line) => line.table === table).length, n, table);
  }
  db.close();
  assert.doesNotMatch(readFileSync(to, "utf8"), new RegExp(other.id));
  await assert.rejects(exportMesh({ folder, mesh: "mine", to, at }), { code: "exists" });
  await assert.rejects(exportMesh({ folder, mesh: "none", to: fresh("x"), at }), {
    code: "not_found",
  });
});

test("an erased member leaves ids, keys and hashes, and every chain still holds", async () => {
  const { folder, alice, bob } = await settledFolder();
  const wish = { folder, mesh: alice.mesh, at };
  await assert.rejects(eraseMember({ ...wish, member: alice.id }), { code: "conflict" });
  await assert.rejects(eraseMember({ ...wish, member: "bob" }), { code: "malformed" });
  const nobody = `mbr_${"0".repeat(64)}`;
  await assert.rejects(eraseMember({ ...wish, member: nobody }), { code: "not_found" });
  const inFile = () => readFileSync(join(folder, "broker.db")).includes("bob-the-person");
  assert.equal(inFile(), true);
  const { rows } = await eraseMember({ ...wish, member: bob.id });
  assert.ok((rows.profile ?? 0) === 1 && (rows.log ?? 0) >= 2, JSON.stringify(rows));
  await vacuumBroker({ folder });
  assert.equal(inFile(), false);
  assert.deepEqual(await failures(folder), []);
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  const last = db.prepare("SELECT body FROM audit ORDER BY seq DESC LIMIT 1").get();
  db.close();
  const { act, about, by } = JSON.parse(String(last?.body));
  assert.deepEqual({ act, about, by }, { act: "member.erase", about: bob.id, by: undefined });
});

/** Tables whose rows belong together, so that none is made up here. */
const stays = ["audience", "audit", "audit_chain", "log", "mesh", "migration", "roster"];

test("a member's id that stands anywhere in any table is gone after an erasure, but where its signed chain needs it", async () => {
  const { folder, alice, bob } = await settledFolder();
  const db = new DatabaseSync(join(folder, "broker.db"));
  const names = db
    .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !name.startsWith("sqlite_"));
  const textsOf = (table: string, from = db): string[] =>
    (
      from.prepare("SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'").all(table) as {
        name: string;
      }[]
    ).map(({ name }) => name);
  const { no } = db.prepare("SELECT no FROM mesh").get() as { no: number };
  // The id in each text of a row of each table, so that a table that comes to name members is found by itself.
  for (const table of names) {
    if (stays.includes(table)) continue;
    const columns = columnsOf(db, table);
    const texts = textsOf(table);
    const row: (number | string)[] = columns.map((column) =>
      texts.includes(column) ? bob.id : 7_000,
    );
    if (columns.includes("mesh") && !texts.includes("mesh")) row[columns.indexOf("mesh")] = no;
    const marks = columns.map(() => "?").join(", ");
    db.prepare(`INSERT OR IGNORE INTO "${table}" VALUES (${marks})`).run(...row);
  }
  db.close();
  await eraseMember({ folder, mesh: alice.mesh, member: bob.id, at });
  const erased = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  const left = names.filter((table) => {
    const where = textsOf(table, erased)
      .map((column) => `instr("${column}", :id) > 0`)
      .join(" OR ");
    const sql = `SELECT 1 FROM "${table}" WHERE ${where || "0"} LIMIT 1`;
    return erased.prepare(sql).get(where === "" ? {} : { id: bob.id }) !== undefined;
  });
  erased.close();
  assert.deepEqual(
    left.filter((table) => !(table in keepsIds)),
    [],
    "these tables name members: add them to maintenance/erasures.ts",
  );
  for (const table of Object.keys(keepsIds)) assert.ok(names.includes(table), table);
});
