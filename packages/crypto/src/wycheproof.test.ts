import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import type { Signature, SignKey } from "@claudemesh/protocol";
import type { StatementBytes } from "./domain.ts";
import { toBase64, toHex } from "./encoding.ts";
import { hkdf, hmacSha256 } from "./hkdf.ts";
import { isBytesSignedBy } from "./signature.ts";
import { ready, sodium } from "./sodium.ts";
import { mustFail } from "./testing/must-fail.ts";

before(ready);

interface Case {
  readonly tcId: number;
  readonly result: "valid" | "acceptable" | "invalid";
  readonly size: number;
  readonly [field: string]: string | number;
}

interface Group {
  readonly tests: readonly Case[];
  readonly publicKey?: { readonly pk: string };
  readonly tagSize?: number;
  readonly ivSize?: number;
}

/** Runs `check` on each case of a file and asserts that every case of the file was run. */
function run(
  file: string,
  check: (test: Case, group: Group, bytes: (field: string) => Uint8Array) => void,
) {
  const url = new URL(`../../../vectors/wycheproof/${file}_test.json`, import.meta.url);
  const data = JSON.parse(readFileSync(url, "utf8"));
  let done = 0;
  for (const group of data.testGroups as Group[]) {
    for (const test of group.tests) {
      check(test, group, (field) => hex(String(test[field])));
      done++;
    }
  }
  assert.equal(done, data.numberOfTests);
  assert.ok(done > 50);
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

test("Ed25519 verification", () => {
  run("ed25519", ({ tcId, result }, { publicKey }, bytes) => {
    const key = toBase64(hex(publicKey?.pk ?? "")) as SignKey;
    const sig = toBase64(bytes("sig")) as Signature;
    const valid = isBytesSignedBy(key, bytes("msg") as StatementBytes, sig);
    assert.equal(valid, result === "valid", `case ${tcId}`);
  });
});

test("X25519, refusing only all-zero shared secrets", () => {
  run("x25519", ({ tcId, shared }, _group, bytes) => {
    const act = () => toHex(sodium.crypto_scalarmult(bytes("private"), bytes("public")));
    if (/^0+$/.test(String(shared))) assert.throws(act, `case ${tcId}`);
    else assert.equal(act(), shared, `case ${tcId}`);
  });
});

test("HKDF-SHA256", () => {
  run("hkdf_sha256", ({ tcId, result, size, okm }, _group, bytes) => {
    const act = () =>
      toHex(hkdf({ secret: bytes("ikm"), salt: bytes("salt"), info: bytes("info"), length: size }));
    if (result === "invalid") mustFail("malformed", act, `case ${tcId}`);
    else assert.equal(act(), okm, `case ${tcId}`);
  });
});

test("HMAC-SHA256", () => {
  run("hmac_sha256", ({ tcId, result, tag }, { tagSize = 0 }, bytes) => {
    const full = toHex(hmacSha256(bytes("key"), bytes("msg")));
    assert.equal(full.slice(0, tagSize / 4) === tag, result === "valid", `case ${tcId}`);
  });
});

test("XChaCha20-Poly1305-IETF", () => {
  run("xchacha20_poly1305", ({ tcId, result, msg }, _group, bytes) => {
    const sealed = Uint8Array.from([...bytes("ct"), ...bytes("tag")]);
    const act = () =>
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        null,
        sealed,
        bytes("aad"),
        bytes("iv"),
        bytes("key"),
      );
    if (result === "invalid") assert.throws(act, `case ${tcId}`);
    else assert.equal(toHex(act()), msg, `case ${tcId}`);
  });
});
