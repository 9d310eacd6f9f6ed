import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { before, test } from "node:test";
import { deriveMember } from "../member-keys.ts";
import { openSecret, sealSecret } from "../seal-vault.ts";
import { ready } from "../sodium.ts";
import { hexBytes, loadVectors, replay } from "../testing/load-vectors.ts";
import { mustFail } from "../testing/must-fail.ts";
import { verifyVaultEntry } from "../vault.ts";
import type { vaultVectors } from "./vaults.ts";

before(ready);

test("vault entries, their signatures and hashes checked with Node", () => {
  const { cases, failures, owner } = loadVectors<typeof vaultVectors>("vault-entry");
  const { keys, opener, signer } = deriveMember(hexBytes(owner.seedHex), owner.scope, 0);
  assert.deepEqual([keys.sign, keys.seal], [owner.sign, owner.seal]);
  const jwk = { kty: "OKP", crv: "Ed25519", x: owner.sign };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  for (const { ciphertext, entry, ephemeralSecretHex, name, signedText, value } of cases) {
    const sig = Buffer.from(entry.sig, "base64url");
    assert.ok(verify(null, Buffer.from(signedText), key, sig), name);
    const bytes = Buffer.from(ciphertext, "base64url");
    assert.equal(createHash("sha256").update(bytes).digest("hex"), entry.sealed, name);
    verifyVaultEntry(entry, owner.sign);
    assert.equal(openSecret(entry, ciphertext, opener), value, name);
    const { author: _author, sealed: _sealed, sig: _sig, v: _v, ...statement } = entry;
    const random = replay(ephemeralSecretHex);
    const again = sealSecret({ statement, value, to: owner.seal, signer, random });
    assert.deepEqual(again, { entry, ciphertext }, name);
  }
  for (const { ciphertext, entry, error, name } of failures) {
    const open = () => {
      verifyVaultEntry(entry, owner.sign);
      openSecret(entry, ciphertext, opener);
    };
    mustFail(error, open, name);
  }
});
