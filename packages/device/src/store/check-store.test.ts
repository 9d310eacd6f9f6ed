import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { ready, systemRandom } from "@claudemesh/crypto";
import type { DeviceId, MeshId } from "@claudemesh/protocol";
import { HomeFolder } from "../home/home-folder.ts";
import { HomeStore } from "./home-store.ts";
import { addOwnDevice } from "./own-device-rows.ts";

await ready();
const folder = mkdtempSync(join(tmpdir(), "claudemesh-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const marker = "dev_a-marker-that-is-twice-in-the-file";
const pageBytes = 4_096;
const indexLeaf = 0x0a;

function written(name: string): HomeFolder {
  const home = new HomeFolder(join(folder, name), () => {});
  const store = HomeStore.open(home, Date.now, systemRandom);
  const device = marker as DeviceId;
  store.write(() =>
    addOwnDevice(store, { mesh: "mesh_a" as MeshId, device, origin: "known", at: 1 }),
  );
  store.close();
  return home;
}

const refuses = (home: HomeFolder, why: RegExp): void =>
  assert.throws(() => HomeStore.open(home, Date.now, systemRandom), {
    code: "home_damaged",
    message: why,
  });

test("an index that says something else than its table is damage", () => {
  const home = written("index");
  const file = readFileSync(home.paths.database);
  let changed = 0;
  for (let page = 0; page < file.length; page += pageBytes) {
    const at = file.subarray(page, page + pageBytes).indexOf(marker);
    if (file[page] !== indexLeaf || at < 0) continue;
    file.writeUInt8("b".charCodeAt(0), page + at + 4);
    changed += 1;
  }
  assert.equal(changed, 1);
  writeFileSync(home.paths.database, file);
  refuses(home, /fails SQLite's own check/);
});

test("one changed letter of a column's name is damage", () => {
  const home = written("schema");
  const file = readFileSync(home.paths.database);
  const at = file.indexOf("origin TEXT NOT NULL");
  assert.ok(at > 0);
  file.writeUInt8("O".charCodeAt(0) + 1, at);
  writeFileSync(home.paths.database, file);
  refuses(home, /its schema is not the one that was written/);
});

test("a home that nothing happened to opens", () => {
  HomeStore.open(written("whole"), Date.now, systemRandom).close();
});

test("a home from before stamps is compared with one made now", () => {
  const home = written("stampless");
  const unstamp = new DatabaseSync(home.paths.database);
  unstamp.exec("PRAGMA user_version = 0");
  unstamp.close();
  HomeStore.open(home, Date.now, systemRandom).close();
  const other = new DatabaseSync(home.paths.database);
  other.exec("ALTER TABLE own_device RENAME COLUMN origin TO from_where");
  other.close();
  refuses(home, /its schema is not the one that was written/);
});
