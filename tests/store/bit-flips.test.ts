import assert from "node:assert/strict";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { audienceOf, MeshError } from "@claudemesh/protocol";
import {
  creation,
  member,
  message,
  range,
  readLog,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { storageCode } from "../../apps/broker/src/store/sqlite/errors.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";
import { SeededNumbers, seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const cycles = Number(process.env.CYCLES ?? 40);
const open = (folder: string) => openSqliteStore({ folder, now: Date.now, ...bundledWriter });
const places = (entries: readonly { seq: number; id: string }[]) =>
  entries.map(({ seq, id }) => `${seq} ${id}`);

/** A folder whose closed store has messages for one member. */
async function filled(t: TestContext): Promise<{ folder: string; whole: string[] }> {
  const folder = await temporaryFolder(t);
  const store = await open(folder);
  await store.write.createMesh(creation());
  await Promise.all(range(1, 60).map((n) => store.write.appendMessage(message(n))));
  const whole = places(await readLog(store, [audienceOf(member(2))]));
  await store.close();
  return { folder, whole };
}

/** What opening and reading come to: the code of a refusal, or what was read. */
async function readBack(folder: string): Promise<string | string[]> {
  const store = await open(folder).catch(codeOf);
  if (typeof store === "string") return store;
  try {
    return places(await readLog(store, [audienceOf(member(2))]));
  } catch (error) {
    return codeOf(error);
  } finally {
    await store.close();
  }
}

/** A byte of some page's own description. Pages are mostly text and room, so that few of the places drawn from the whole file damage anything. */
function inPageHeader(file: Buffer, numbers: SeededNumbers): number {
  const pageSize = file.readUInt16BE(16);
  const page = numbers.next(file.length / pageSize);
  const fileHeader = page === 0 ? 100 : 0;
  return page * pageSize + fileHeader + numbers.next(8);
}

/** A read that SQLite itself refuses comes as its error, which the operator's log gets. */
function codeOf(error: unknown): string {
  const code = error instanceof MeshError ? error.code : storageCode(error);
  if (code === undefined) throw error;
  return code;
}

test("a flipped bit in the database is refused, or leaves every entry in its place", async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed} CYCLES=${cycles}`);
  const numbers = new SeededNumbers(seed);
  const { folder, whole } = await filled(t);
  const file = join(folder, "broker.db");
  const good = readFileSync(file);
  const found = new Map<string, number>();
  for (let i = 0; i < cycles; i++) {
    const bad = Buffer.from(good);
    const at = i % 4 === 0 ? inPageHeader(good, numbers) : numbers.next(good.length);
    bad[at] = (bad[at] as number) ^ (1 << numbers.next(8));
    writeFileSync(file, bad);
    const read = await readBack(folder);
    const told = typeof read === "string" ? read : "read whole";
    if (typeof read !== "string") {
      // What identifies an entry is text in its row: there a flip is the reader's to find, by the signature.
      assert.equal(read.length, whole.length, `SEED=${seed} byte ${at}: entries are missing`);
    }
    found.set(told, (found.get(told) ?? 0) + 1);
  }
  // A flip in the file's own version, or in the name of an applied migration, is refused as what it then says.
  const known = new Set(["home_damaged", "not_writable", "read whole", "upgrade_required"]);
  assert.deepEqual(
    [...found.keys()].filter((told) => !known.has(told)),
    [],
  );
  assert.ok(found.has("home_damaged") && found.has("read whole"));
  t.diagnostic([...found].map((one) => one.join(" ")).join(", "));
});

test("a write-ahead log that was cut off or damaged gives whole transactions, from the first on", async (t) => {
  const seed = seedOfRun();
  const numbers = new SeededNumbers(seed);
  t.diagnostic(`SEED=${seed}`);
  const source = await temporaryFolder(t);
  const store = await open(source);
  await store.write.createMesh(creation());
  for (const n of range(1, 30)) await store.write.appendMessage(message(n));
  const files = ["broker.db", "broker.db-wal", "broker.store"].map((name) => {
    return [name, readFileSync(join(source, name))] as const;
  });
  const whole = places(await readLog(store, [audienceOf(member(2))]));
  await store.close();
  const log = files[1]?.[1] ?? Buffer.alloc(0);
  assert.ok(log.length > 30 * 4096);
  const lengths = new Set<number>();
  for (let i = 0; i < Math.min(cycles, 100); i++) {
    const folder = await temporaryFolder(t);
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const at = numbers.next(log.length);
    const path = join(folder, "broker.db-wal");
    if (i % 2 === 0) {
      truncateSync(path, at);
    } else {
      const bad = Buffer.from(log);
      bad[at] = (bad[at] as number) ^ (1 << numbers.next(8));
      writeFileSync(path, bad);
    }
    const read = await readBack(folder);
    if (typeof read === "string") {
      assert.equal(read, "home_damaged");
      continue;
    }
    assert.deepEqual(read, whole.slice(0, read.length), `SEED=${seed} byte ${at}`);
    lengths.add(read.length);
    using db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
    assert.equal(db.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
  }
  assert.ok(lengths.size > 3);
});
