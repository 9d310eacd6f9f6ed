import assert from "node:assert/strict";
import { createPublicKey, hkdfSync, verify } from "node:crypto";
import { before, test } from "node:test";
import { ciphertextOf, type ErrorCode, type RosterEntry } from "@claudemesh/protocol";
import { fromBase64, fromUtf8, toHex } from "../encoding.ts";
import { KeyRing } from "../key-ring.ts";
import { Opener } from "../opener.ts";
import { receiveEnvelope } from "../receive.ts";
import { parseEntry, Roster } from "../roster/index.ts";
import { openKeyBundleRow } from "../seal-key-bundle.ts";
import { sharedKey } from "../shared-key.ts";
import { ready, sodium } from "../sodium.ts";
import { hexBytes, loadVectors } from "../testing/load-vectors.ts";
import { mustFail } from "../testing/must-fail.ts";
import type * as build from "./rooms.ts";

before(ready);

const code = (error: string) => error as ErrorCode;

function rosterOf(chain: readonly RosterEntry[]): Roster {
  const [genesis, ...rest] = chain.map(parseEntry);
  assert.ok(genesis);
  const roster = Roster.fromGenesis(genesis);
  roster.append(rest);
  return roster;
}

test("key bundles, their signatures checked with Node's Ed25519", () => {
  const file = loadVectors<typeof build.keyBundleVectors>("key-bundle");
  const opener = new Opener(hexBytes(file.recipientSealSecretHex));
  const reader = { roster: rosterOf(file.chain), member: file.recipient, opener };
  for (const { name, opened, row, signedText } of file.cases) {
    const jwk = { kty: "OKP", crv: "Ed25519", x: row.author };
    const key = createPublicKey({ key: jwk, format: "jwk" });
    assert.ok(verify(null, Buffer.from(signedText), key, Buffer.from(row.sig, "base64url")), name);
    assert.deepEqual(openKeyBundleRow(row, reader), opened, name);
  }
  for (const { name, row, error } of file.failures) {
    mustFail(code(error), () => openKeyBundleRow(row, reader), name);
  }
});

test("key rings, their keys derived with Node's HKDF", () => {
  const file = loadVectors<typeof build.keyRingVectors>("key-ring");
  const roster = rosterOf(file.chain);
  for (const { name, derived, ring: text, welcome } of file.cases) {
    const ring = KeyRing.parse(text, roster);
    assert.equal(ring.serialize(), text, name);
    for (const { keyHex, ...audience } of derived) {
      assert.equal(toHex(sharedKey(audience, ring) ?? new Uint8Array()), keyHex, audience.kind);
    }
    for (const policy of ["all", "none"] as const) {
      assert.deepEqual(ring.welcomeRing({ historyForNewMembers: policy }), welcome[policy]);
    }
    const [broadcast, , topic] = derived;
    const secret = fromBase64(ring.epochKey(1) ?? "");
    const info = topic?.to.slice(2) ?? "";
    const hex = (salt: string, context: string) =>
      Buffer.from(hkdfSync("sha256", secret, salt, context, 32)).toString("hex");
    assert.equal(hex("claudemesh/mesh/v1", ""), broadcast?.keyHex);
    assert.equal(hex("claudemesh/topic/v1", info), topic?.keyHex);
  }
  for (const { name, ring, error } of file.failures) {
    mustFail(code(error), () => KeyRing.parse(ring, roster), name);
  }
});

test("envelopes to many", () => {
  const file = loadVectors<typeof build.sharedEnvelopeVectors>("shared-envelope");
  const roster = rosterOf(file.chain);
  const ring = KeyRing.parse(file.receiver.ring, roster);
  const opener = new Opener(hexBytes(file.receiver.sealSecretHex));
  const self = { mesh: file.mesh, member: file.receiver.member };
  const receiver = { roster, self, opener, ring };
  for (const { name, associatedText, body, envelope, innerText, keyHex, nonceHex } of file.cases) {
    const received = receiveEnvelope(envelope, receiver);
    assert.equal(received.result, "opened", name);
    assert.deepEqual(received.result === "opened" && received.body, body, name);
    const bytes = fromBase64(ciphertextOf(envelope.body));
    assert.equal(toHex(bytes.subarray(0, 24)), nonceHex, name);
    const inner = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      bytes.subarray(24),
      associatedText,
      hexBytes(nonceHex),
      hexBytes(keyHex),
    );
    assert.equal(fromUtf8(inner), innerText, name);
  }
  for (const { name, envelope, error } of file.failures) {
    mustFail(code(error), () => receiveEnvelope(envelope, receiver), name);
  }
});
