import assert from "node:assert/strict";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { ready, systemRandom } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import { HomeStore } from "../store/home-store.ts";
import { HomeFolder } from "./home-folder.ts";
import { ensureIdentity, readIdentity } from "./identity.ts";
import { takeOsLock } from "./os-lock.ts";

await ready();
const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temp(): string {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-home-"));
  made.push(folder);
  return join(folder, "home");
}

const open = (path: string, said: string[] = []) =>
  new HomeFolder(path, (_, text) => said.push(text));
const store = (home: HomeFolder) => HomeStore.open(home, Date.now, systemRandom);
const code = (fn: () => unknown): MeshError => {
  try {
    fn();
  } catch (error) {
    assert.ok(error instanceof MeshError, String(error));
    return error;
  }
  return assert.fail("nothing was thrown");
};

test("folder and files are private whatever the umask", () => {
  const before = process.umask(0);
  try {
    const home = open(temp());
    ensureIdentity(home, systemRandom, () => false);
    store(home).close();
    assert.equal(statSync(home.paths.folder).mode & 0o777, 0o700);
    for (const name of readdirSync(home.paths.folder)) {
      assert.equal(statSync(join(home.paths.folder, name)).mode & 0o777, 0o600, name);
    }
  } finally {
    process.umask(before);
  }
});

test("drifted permissions are warned about when read and mended when written", () => {
  const path = temp();
  const first = open(path);
  ensureIdentity(first, systemRandom, () => false);
  store(first).close();
  chmodSync(path, 0o755);
  chmodSync(first.paths.identity, 0o644);
  const said: string[] = [];
  const home = open(path, said);
  assert.equal(said.length, 2);
  assert.match(said[1] ?? "", /identity\.json \(mode 0644, expected 0600\)/);
  const opened = store(home);
  opened.write(() => {});
  opened.close();
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(statSync(first.paths.identity).mode & 0o777, 0o600);
});

test("the identity is made once", () => {
  const home = open(temp());
  assert.equal(readIdentity(home), undefined);
  const seed = ensureIdentity(home, systemRandom, () => false);
  assert.deepEqual(
    ensureIdentity(open(home.paths.folder), systemRandom, () => true),
    seed,
  );
});

for (const [what, damage] of [
  ["cut off", (path: string) => truncateSync(path, 20)],
  ["empty", (path: string) => truncateSync(path, 0)],
  ["garbled", (path: string) => writeFileSync(path, '{"v":1,"seed":"short"}')],
] as const) {
  test(`an identity file that is ${what} is damaged, named, never replaced and never quoted`, () => {
    const home = open(temp());
    ensureIdentity(home, systemRandom, () => false);
    damage(home.paths.identity);
    const left = readFileSync(home.paths.identity, "utf8");
    const error = code(() => ensureIdentity(home, systemRandom, () => false));
    assert.equal(error.code, "home_damaged");
    assert.ok(error.message.includes(home.paths.identity));
    assert.ok(error.hint);
    if (left.length > 10) assert.ok(!error.message.includes(left.slice(8, 18)));
    assert.equal(readFileSync(home.paths.identity, "utf8"), left);
  });
}

test("an identity that meshes need is not made anew", () => {
  const home = open(temp());
  assert.equal(code(() => ensureIdentity(home, systemRandom, () => true)).code, "home_damaged");
});

test("a newer file asks for an upgrade", () => {
  const home = open(temp());
  writeFileSync(home.paths.identity, '{"v":2,"other":true}');
  assert.equal(code(() => readIdentity(home)).code, "upgrade_required");
});

for (const [what, damage] of [
  ["truncated to nothing", (path: string) => truncateSync(path, 0)],
  ["cut in half", (path: string) => truncateSync(path, statSync(path).size / 2)],
  ["overwritten", (path: string) => writeFileSync(path, "x".repeat(8192))],
  ["gone", (path: string) => rmSync(path)],
] as const) {
  test(`a database that is ${what} is damaged, not replaced`, () => {
    const home = open(temp());
    store(home).close();
    damage(home.paths.database);
    const error = code(() => store(home));
    assert.equal(error.code, "home_damaged");
    assert.ok(error.message.includes("home.db"));
  });
}

test("a migration that was edited, or is unknown, stops the home from opening", () => {
  const home = open(temp());
  const first = store(home);
  first.run("UPDATE migration SET hash = 'other'");
  first.close();
  assert.equal(code(() => store(home)).code, "home_damaged");
});

test("a newer store asks for an upgrade", () => {
  const home = open(temp());
  const first = store(home);
  first.run("INSERT INTO migration (name, hash, applied_at) VALUES ('9999-later', 'x', 1)");
  first.close();
  assert.equal(code(() => store(home)).code, "upgrade_required");
});

test("a transaction that fails leaves nothing", () => {
  const opened = store(open(temp()));
  assert.throws(() =>
    opened.write(() => {
      opened.run("INSERT INTO key_generation (mesh, next) VALUES ('m', 1)");
      throw new Error("stop");
    }),
  );
  assert.equal(opened.get("SELECT 1 FROM key_generation"), undefined);
  opened.close();
});

test("a full disk is disk_full and leaves nothing", () => {
  const opened = store(open(temp()));
  const { page_count: pages } = opened.get<{ page_count: number }>("PRAGMA page_count") ?? {
    page_count: 0,
  };
  opened.get(`PRAGMA max_page_count = ${pages}`);
  const big = "x".repeat(1_000_000);
  const error = code(() =>
    opened.write(() => {
      opened.run("INSERT INTO key_generation (mesh, next) VALUES ('m', 1)");
      opened.run("INSERT INTO key_generation (mesh, next) VALUES (?, 1)", big);
    }),
  );
  assert.equal(error.code, "disk_full");
  assert.equal(opened.get("SELECT 1 FROM key_generation"), undefined);
  opened.close();
});

test("an exclusive lock has one holder at a time", () => {
  const home = open(temp());
  const path = home.paths.feedLock("mesh_test");
  const lock = takeOsLock(path, 0);
  assert.ok(lock);
  assert.equal(takeOsLock(path, 0), undefined);
  lock.release();
  const again = takeOsLock(path, 0);
  assert.ok(again);
  again.release();
});
