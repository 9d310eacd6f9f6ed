import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { ready, systemRandom, toBase64 } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";
import { loadKeys } from "./keys.ts";

await ready();

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claudemesh-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => readFileSync(join(folder, "keys.json"), "utf8");
const refusedAs = (code: string) => (error: unknown) =>
  error instanceof MeshError && error.code === code && error.message.includes("keys.json");

test("keys are made once and stay, in a file for its owner alone", () => {
  const { cursor } = loadKeys(folder, systemRandom);
  assert.deepEqual(loadKeys(folder, systemRandom).cursor, cursor);
  assert.equal(statSync(join(folder, "keys.json")).mode & 0o777, 0o600);
});

test("a file of an older broker gets the keys that came later", () => {
  const cursor = systemRandom(32);
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ v: 1, cursor: toBase64(cursor) }));
  const { audit } = loadKeys(folder, systemRandom);
  assert.deepEqual(loadKeys(folder, systemRandom), { cursor, audit });
});

test("with an encryption key they are sealed, also those that lay open before", () => {
  const { cursor } = loadKeys(folder, systemRandom);
  assert.ok(file().includes(toBase64(cursor)), "lies open without an encryption key");
  const key = systemRandom(32);
  assert.deepEqual(loadKeys(folder, systemRandom, key).cursor, cursor);
  assert.ok(!file().includes(toBase64(cursor)));
  assert.deepEqual(loadKeys(folder, systemRandom, key).cursor, cursor);
});

test("sealed keys are refused without their key and with another, and never replaced", () => {
  loadKeys(folder, systemRandom, systemRandom(32));
  const before = file();
  assert.throws(() => loadKeys(folder, systemRandom), refusedAs("unauthorized"));
  assert.throws(() => loadKeys(folder, systemRandom, systemRandom(32)), refusedAs("unauthorized"));
  writeFileSync(join(folder, "keys.json"), "{");
  assert.throws(() => loadKeys(folder, systemRandom), refusedAs("home_damaged"));
  writeFileSync(join(folder, "keys.json"), before);
});
