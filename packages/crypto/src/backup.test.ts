import assert from "node:assert/strict";
import { argon2Sync } from "node:crypto";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { openBackup, parseBackup, requirePassphrase } from "./backup.ts";
import { readBackupHeader } from "./backup-header.ts";
import { utf8 } from "./encoding.ts";
import { jcs } from "./jcs.ts";
import { ready } from "./sodium.ts";
import { hexBytes, loadVectors } from "./testing/load-vectors.ts";
import type { backupVectors } from "./vectors/backups.ts";

await ready();

const { cases, failures, unopened } = loadVectors<typeof backupVectors>("backup");

const code = (fn: () => unknown): string => {
  try {
    fn();
  } catch (error) {
    assert.ok(error instanceof MeshError, String(error));
    return error.code;
  }
  return "opened";
};

test("a backup opens with its passphrase, however that is composed", () => {
  for (const { fileHex, passphrase, plaintext } of cases) {
    const contents = openBackup(hexBytes(fileHex), passphrase.normalize("NFD"));
    assert.equal(jcs(contents), plaintext);
  }
});

for (const { name, fileHex, error } of failures) {
  test(`${name} is ${error}, before any key is derived`, () => {
    const began = process.cpuUsage();
    assert.equal(
      code(() => openBackup(hexBytes(fileHex), "whatever it may be")),
      error,
    );
    assert.ok(process.cpuUsage(began).user < 100_000);
  });
}

for (const { name, fileHex, passphrase } of unopened) {
  test(`${name} does not open it`, () => {
    assert.equal(
      code(() => openBackup(hexBytes(fileHex), passphrase)),
      "bad_signature",
    );
  });
}

test("the key is the one that Node's own Argon2id derives", () => {
  for (const { passphraseHex, saltHex, keyHex, passes, memoryKiB } of cases) {
    const key = argon2Sync("argon2id", {
      message: hexBytes(passphraseHex),
      nonce: hexBytes(saltHex),
      parallelism: 1,
      tagLength: 32,
      memory: memoryKiB,
      passes,
    });
    assert.equal(key.toString("hex"), keyHex);
  }
});

test("the header says what the key costs", () => {
  const [first] = cases;
  assert.ok(first);
  assert.deepEqual(readBackupHeader(hexBytes(first.fileHex)).cost, {
    passes: 3,
    memoryKiB: 262_144,
  });
});

test("a passphrase has twelve characters, whatever their bytes", () => {
  assert.equal(
    code(() => requirePassphrase("elf zeichen")),
    "malformed",
  );
  assert.equal(
    code(() => requirePassphrase("é".repeat(11))),
    "malformed",
  );
  requirePassphrase("zwölfzeichen");
});

test("contents of a newer version ask for an upgrade", () => {
  assert.equal(
    code(() => parseBackup(utf8('{"v":2}'))),
    "upgrade_required",
  );
  assert.equal(
    code(() => parseBackup(utf8('{"v":1}'))),
    "malformed",
  );
});
