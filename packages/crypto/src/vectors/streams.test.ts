import assert from "node:assert/strict";
import { createPublicKey, hkdfSync, verify } from "node:crypto";
import { before, test } from "node:test";
import { KeyRing } from "../key-ring.ts";
import { parseEntry, Roster } from "../roster/index.ts";
import { ready, sodium } from "../sodium.ts";
import { openStreamItem, verifyStreamItem } from "../stream.ts";
import { hexBytes, loadVectors } from "../testing/load-vectors.ts";
import { mustFail } from "../testing/must-fail.ts";
import type { streamVectors } from "./streams.ts";

before(ready);

test("stream items, their signatures and keys checked with Node", () => {
  const { cases, chain, failures, ring: text } = loadVectors<typeof streamVectors>("stream-item");
  const [genesis, ...rest] = chain.map(parseEntry);
  assert.ok(genesis);
  const roster = Roster.fromGenesis(genesis);
  roster.append(rest);
  const ring = KeyRing.parse(text, roster);
  for (const given of cases) {
    const { item, name } = given;
    const jwk = { kty: "OKP", crv: "Ed25519", x: given.key };
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const sig = Buffer.from(item.sig, "base64url");
    assert.ok(verify(null, Buffer.from(given.signedText), key, sig), name);
    verifyStreamItem(item, given.key);
    assert.equal(openStreamItem(item, ring, given.isPrivate), given.text, name);
    const { keyVersion, stream, topic } = item;
    const secret =
      topic === undefined ? ring.epochKey(keyVersion) : ring.topicKey(topic, keyVersion);
    const info = topic === undefined ? stream : `${topic} ${stream}`;
    const salt = "claudemesh/stream/v1";
    const derived = hkdfSync("sha256", Buffer.from(secret ?? "", "base64url"), salt, info, 32);
    assert.equal(Buffer.from(derived).toString("hex"), given.keyHex, name);
    const nonce = hexBytes(given.nonceHex);
    const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      given.text,
      given.associatedText,
      null,
      nonce,
      hexBytes(given.keyHex),
    );
    const whole = Buffer.concat([nonce, sealed]).toString("base64url");
    assert.equal(item.sealed, whole, name);
  }
  for (const { error, isPrivate, item, key, name } of failures) {
    const open = () => {
      verifyStreamItem(item, key);
      openStreamItem(item, ring, isPrivate);
    };
    mustFail(error, open, name);
  }
});
