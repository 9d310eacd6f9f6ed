import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { before, test } from "node:test";
import type { SealedCall } from "@claudemesh/protocol";
import {
  openOwnCall,
  sealCallResult,
  sealDueCall,
  verifyCallResult,
  verifyDueCall,
} from "../due-call.ts";
import { deriveMember } from "../member-keys.ts";
import { ready } from "../sodium.ts";
import { hexBytes, loadVectors, replay } from "../testing/load-vectors.ts";
import { mustFail } from "../testing/must-fail.ts";
import type { dueCallVectors } from "./due-calls.ts";

before(ready);

test("calls at a time and what came of them, their signatures and hashes checked with Node", () => {
  const { calls, failures, owner, results } = loadVectors<typeof dueCallVectors>("due-call");
  const { keys, opener, signer } = deriveMember(hexBytes(owner.seedHex), owner.scope, 0);
  assert.deepEqual([keys.sign, keys.seal], [owner.sign, owner.seal]);
  const jwk = { kty: "OKP", crv: "Ed25519", x: owner.sign };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  for (const { ciphertext, entry, name, signedText, text } of [...calls, ...results]) {
    const sig = Buffer.from(entry.sig, "base64url");
    assert.ok(verify(null, Buffer.from(signedText), key, sig), name);
    const bytes = Buffer.from(ciphertext, "base64url");
    assert.equal(createHash("sha256").update(bytes).digest("hex"), entry.sealed, name);
    assert.equal(openOwnCall({ entry, ciphertext } as SealedCall, opener), text, name);
  }
  const same = (text: string, ephemeralSecretHex: string) => ({
    ...{ text, to: owner.seal, signer },
    random: replay(ephemeralSecretHex),
  });
  for (const { ciphertext, entry, ephemeralSecretHex, name, text } of calls) {
    verifyDueCall(entry, owner.sign);
    const { author: _author, sealed: _sealed, sig: _sig, v: _v, ...statement } = entry;
    const again = sealDueCall({ statement, ...same(text, ephemeralSecretHex) });
    assert.deepEqual(again, { entry, ciphertext }, name);
  }
  for (const { ciphertext, entry, ephemeralSecretHex, name, text } of results) {
    verifyCallResult(entry, owner.sign);
    const { author: _author, sealed: _sealed, sig: _sig, v: _v, ...statement } = entry;
    const again = sealCallResult({ statement, ...same(text, ephemeralSecretHex) });
    assert.deepEqual(again, { entry, ciphertext }, name);
  }
  for (const { error, name, ...sealed } of failures) {
    const open = () => {
      const call = sealed as SealedCall;
      verifyDueCall(call.entry, owner.sign);
      openOwnCall(call, opener);
    };
    mustFail(error, open, name);
  }
});
