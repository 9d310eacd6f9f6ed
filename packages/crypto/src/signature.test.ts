import assert from "node:assert/strict";
import { before, test } from "node:test";
import { inspect } from "node:util";
import type { Signature, SignKey } from "@claudemesh/protocol";
import { domains, hashStatement, statementBytes } from "./domain.ts";
import { fromBase64, fromUtf8, toBase64 } from "./encoding.ts";
import { Opener } from "./opener.ts";
import { systemRandom } from "./random.ts";
import { isSignedBy, requireSigned, Signer, signStatement } from "./signature.ts";
import { ready, sodium } from "./sodium.ts";
import { mustFail } from "./testing/must-fail.ts";
import { seededRandom } from "./testing/seeded-random.ts";

before(ready);

test("a statement is its domain, a line break and canonical JSON", () => {
  assert.equal(
    fromUtf8(statementBytes(domains.hello, { b: 1, a: "é" })),
    'claudemesh/hello/v1\n{"a":"é","b":1}',
  );
  assert.equal(new Set(Object.values(domains)).size, Object.keys(domains).length);
});

test("the same value has another hash and signature in another domain", () => {
  const signer = new Signer(seededRandom("signer")(32));
  const value = { a: 1 };
  assert.notEqual(hashStatement(domains.hello, value), hashStatement(domains.roster, value));
  const sig = signer.sign(domains.hello, value);
  assert.equal(isSignedBy(signer.key, domains.hello, value, sig), true);
  assert.equal(isSignedBy(signer.key, domains.roster, value, sig), false);
});

test("malformed and non-canonical keys and signatures are false, never an exception", () => {
  const signer = new Signer(seededRandom("signer")(32));
  const sig = signer.sign(domains.hello, 1);
  const check = (key: string, given: string) =>
    isSignedBy(key as SignKey, domains.hello, 1, given as Signature);
  assert.equal(check(signer.key, sig), true);
  for (const bad of [
    "",
    "A",
    "AAAA",
    `${sig}=`,
    `${sig.slice(0, -1)}${sig.endsWith("A") ? "B" : "A"}x`,
  ]) {
    assert.equal(check(signer.key, bad), false);
    assert.equal(check(bad, sig), false);
  }
  assert.equal(isSignedBy(signer.key, domains.hello, "\ud83d", sig), false);
});

test("a point of low order signs nothing", () => {
  const identity = new Uint8Array(32);
  identity[0] = 1;
  const forged = new Uint8Array(64);
  forged[0] = 1;
  const check = isSignedBy(
    toBase64(identity) as SignKey,
    domains.hello,
    1,
    toBase64(forged) as Signature,
  );
  assert.equal(check, false);
});

test("a signed statement verifies, and a changed one is refused by name", () => {
  const signer = new Signer(seededRandom("signer")(32));
  const statement = signStatement(domains.receipt, { n: 1 }, signer);
  requireSigned(domains.receipt, statement, signer.key, "receipt");
  const changed = { ...statement, n: 2 };
  const error = mustFail("bad_signature", () =>
    requireSigned(domains.receipt, changed, signer.key, "receipt"),
  );
  assert.match(error.message, /receipt/);
});

test("signer and opener show their secret in no printed or copied form", () => {
  const seed = seededRandom("secret")(32);
  const secrets = [seed, sodium.crypto_sign_seed_keypair(seed).privateKey];
  for (const holder of [new Signer(seed), new Opener(seed)]) {
    const shown = [
      ...[JSON.stringify(holder), inspect(holder, { showHidden: true, depth: 9 }), String(holder)],
      ...[JSON.stringify({ ...holder }), inspect(structuredClone(holder), { depth: 9 })],
    ].join("\n");
    for (const secret of secrets) {
      assert.ok(!shown.includes(toBase64(secret)));
      assert.ok(!shown.includes(Buffer.from(secret).toString("hex")));
      assert.ok(!shown.includes(secret.slice(0, 8).join(", ")));
    }
    assert.equal(fromBase64(holder.key).length, 32);
  }
});

test("the system's randomness gives what is asked, each time another", () => {
  const [a, b] = [systemRandom(32), systemRandom(32)];
  assert.equal(a.length, 32);
  assert.notDeepEqual(a, b);
});
