import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { creation, mesh, message, range } from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const opened = (folder: string) => openSqliteStore({ folder, now: Date.now, ...bundledWriter });

/** A folder whose store has a mesh with some messages, and is closed. */
async function filledFolder(t: Parameters<typeof temporaryFolder>[0]): Promise<string> {
  const folder = join(await temporaryFolder(t), "data");
  const store = await opened(folder);
  await store.write.createMesh(creation());
  await Promise.all(range(1, 200).map((n) => store.write.appendMessage(message(n))));
  await store.close();
  return folder;
}

test("folder and files belong to their owner alone, whatever the umask", async (t) => {
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const folder = join(await temporaryFolder(t), "a", "data");
  const store = await opened(folder);
  const mode = async (...path: string[]) => (await stat(join(folder, ...path))).mode & 0o777;
  assert.equal(await mode(), 0o700);
  for (const file of [
    "broker.db",
    "broker.db-wal",
    "broker.db-shm",
    "broker.lock",
    "broker.store",
  ]) {
    assert.equal(await mode(file), 0o600, file);
  }
  await store.close();
});

test("a folder serves one store at a time, in this process and from another", async (t) => {
  const folder = await temporaryFolder(t);
  const store = await opened(folder);
  const taken = { code: "in_use", message: `another broker holds the folder ${folder}` };
  await assert.rejects(opened(folder), taken);
  await assert.rejects(opened(folder), taken);
  await store.close();

  const program = fileURLToPath(new URL("./appending-process.ts", import.meta.url));
  const child = spawn(process.execPath, [program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await assert.rejects(opened(folder), taken);
  child.stdout.resume();
  child.kill("SIGKILL");
  await once(child, "exit");
  await (await opened(folder)).close();
});

test("a folder that cannot be made is not writable", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "file"), "");
  await assert.rejects(opened(join(folder, "file")), { code: "not_writable" });
  await assert.rejects(opened(join(folder, "file", "data")), { code: "not_writable" });
});

test("a folder without write permission is not writable", async (t) => {
  const folder = join(await temporaryFolder(t), "data");
  await mkdir(folder, { mode: 0o500 });
  // Root may write everywhere, so it becomes nobody for as long as the attempt lasts.
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await assert.rejects(opened(folder), { code: "not_writable" });
  } finally {
    if (root) process.seteuid?.(0);
  }
});

test("a missing or emptied database is refused, never replaced by an empty one", async (t) => {
  const folder = await filledFolder(t);
  const database = join(folder, "broker.db");
  const refused = { code: "home_damaged", message: /broker\.db$/ };
  await truncate(database, 0);
  await assert.rejects(opened(folder), refused);
  await rm(database);
  await assert.rejects(opened(folder), refused);
  await assert.rejects(opened(folder), refused);
});

test("a first start that a power cut ended half-way is undone, and the store opens", async (t) => {
  const made = await temporaryFolder(t);
  const folder = await temporaryFolder(t);
  const db = new DatabaseSync(join(made, "broker.db"));
  db.exec("PRAGMA cache_size = 1; CREATE TABLE other (body)");
  db.exec("BEGIN; INSERT INTO other SELECT zeroblob(100000) FROM (VALUES (1), (2), (3))");
  for (const name of ["broker.db", "broker.db-journal"]) {
    assert.ok((await stat(join(made, name))).size > 0, name);
    await copyFile(join(made, name), join(folder, name));
  }
  db.close();
  const store = await opened(folder);
  await store.write.createMesh(creation());
  await store.close();
});

test("a damaged database is refused and left as it is", async (t) => {
  const folder = await filledFolder(t);
  const database = join(folder, "broker.db");
  const whole = await readFile(database);
  const refused = { code: "home_damaged", message: /broker\.db$/ };
  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    "cut in half": (bytes) => bytes.subarray(0, bytes.length / 2),
    "not a database": (bytes) => Buffer.alloc(bytes.length, "x"),
    "pages overwritten": (bytes) =>
      Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 255)]),
  };
  for (const [damage, apply] of Object.entries(damages)) {
    const damaged = apply(Buffer.from(whole));
    await writeFile(database, damaged);
    await assert.rejects(opened(folder), refused, damage);
    assert.ok((await readFile(database)).equals(damaged), damage);
  }
  await writeFile(database, whole);
  const store = await opened(folder);
  assert.equal((await store.read.mesh(mesh))?.headSeq, 202);
  await store.close();
});

test("an edited or unknown migration is refused by name", async (t) => {
  const folder = await filledFolder(t);
  const change = (sql: string) => {
    const db = new DatabaseSync(join(folder, "broker.db"));
    db.exec(sql);
    db.close();
  };
  change("INSERT INTO migration VALUES ('0999-later.sql', 'x', 1)");
  await assert.rejects(opened(folder), { code: "upgrade_required", message: /0999-later\.sql/ });
  change("DELETE FROM migration WHERE name = '0999-later.sql'");
  change("UPDATE migration SET hash = 'edited' WHERE name = '0001-init.sql'");
  await assert.rejects(opened(folder), { code: "home_damaged", message: /0001-init\.sql/ });
});
