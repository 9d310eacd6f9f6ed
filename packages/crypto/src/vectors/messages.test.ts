import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import { ciphertextOf, type Envelope, type ErrorCode } from "@claudemesh/protocol";
import { openDirect, sealDirect } from "../direct.ts";
import { fromBase64, fromUtf8, toHex } from "../encoding.ts";
import { envelopeDigest, verifyEnvelope } from "../envelope.ts";
import { createInviteCode, inviteSecret } from "../invite-code.ts";
import { formatInviteLink, parseInvite } from "../invite-link.ts";
import { deriveMember } from "../member-keys.ts";
import { ready, sodium } from "../sodium.ts";
import { memberOf } from "../testing/fixtures.ts";
import { hexBytes, loadVectors, replay } from "../testing/load-vectors.ts";
import { mustFail } from "../testing/must-fail.ts";
import type { envelopeVectors } from "./envelopes.ts";
import type { inviteCodeVectors, inviterHeadVectors, welcomeVectors } from "./invites.ts";

before(ready);

const code = (error: string) => error as ErrorCode;

test("envelopes", () => {
  const file = loadVectors<typeof envelopeVectors>("envelope");
  const { opener, keys } = deriveMember(hexBytes(file.recipientSeedHex), file.recipientScope, 0);
  assert.equal(keys.seal, file.recipientKey);
  for (const given of file.cases) {
    const { name, envelope, digest, signedText } = given;
    assert.equal(verifyEnvelope(envelope, file.senderKey), digest, name);
    assert.equal(envelopeDigest(envelope), digest, name);
    assert.equal(createHash("sha256").update(signedText).digest("hex"), digest, name);
    if (!("innerText" in given)) continue;
    const ciphertext = fromBase64(ciphertextOf(envelope.body));
    assert.equal(fromUtf8(opener.open(ciphertext)), given.innerText, name);
    assert.equal(JSON.parse(given.innerText).h, given.headerHash, name);
    assert.deepEqual(openDirect(envelope, opener), given.body, name);
    const again = sealDirect({
      header: envelope.header,
      body: given.body,
      to: file.recipientKey,
      signer: memberOf("alice").signer,
      random: replay(given.ephemeralSecretHex),
    });
    assert.deepEqual(again, envelope, name);
  }
  for (const { name, key, envelope, error } of file.failures) {
    const act = () => {
      verifyEnvelope(envelope as Envelope, key);
      openDirect(envelope as Envelope, opener);
    };
    mustFail(code(error), act, name);
  }
});

test("invite codes and links", () => {
  const file = loadVectors<typeof inviteCodeVectors>("invite-code");
  for (const { name, ...given } of file.cases) {
    assert.equal(createInviteCode(replay(given.randomHex)), given.code, name);
    const { id, key } = inviteSecret(given.code);
    assert.deepEqual({ id, key }, { id: given.invite, key: given.key }, name);
    assert.equal(formatInviteLink("https://mesh.example", given.code), given.link, name);
    const pair = sodium.crypto_sign_seed_keypair(hexBytes(given.signSeedHex));
    assert.deepEqual(pair.publicKey, fromBase64(key), name);
    const digest = createHash("sha256").update(`claudemesh/invite-id/v1\n"${key}"`).digest("hex");
    assert.equal(id.replaceAll("-", "").slice(4, 16), digest.slice(0, 12), name);
  }
  for (const { name, text, ...expected } of file.accepted) {
    assert.deepEqual(parseInvite(text), expected, name);
  }
  for (const { name, text, error } of file.failures) {
    mustFail(code(error), () => parseInvite(text), name);
  }
});

test("welcome blobs", () => {
  const file = loadVectors<typeof welcomeVectors>("welcome");
  for (const { name, ...given } of file.cases) {
    const secret = inviteSecret(given.code);
    assert.deepEqual(secret.open(given.blob, given.mesh), given.welcome, name);
    assert.equal(secret.seal(given.welcome, replay(given.nonceHex)), given.blob, name);
    const blob = fromBase64(given.blob);
    assert.equal(toHex(blob.subarray(0, 24)), given.nonceHex, name);
    const plaintext = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      blob.subarray(24),
      given.associatedText,
      hexBytes(given.nonceHex),
      hexBytes(given.keyHex),
    );
    assert.equal(fromUtf8(plaintext), given.plaintext, name);
  }
  for (const { name, blob, mesh, error, ...given } of file.failures) {
    const open = () => inviteSecret(given.code).open(blob as (typeof file.cases)[0]["blob"], mesh);
    mustFail(code(error), open, name);
  }
});

test("inviters' heads", () => {
  const file = loadVectors<typeof inviterHeadVectors>("inviter-head");
  for (const { name, ...given } of file.cases) {
    const secret = inviteSecret(given.code);
    assert.deepEqual(secret.openHead(given.blob, given.mesh), given.inviterHead, name);
    assert.equal(secret.sealHead(given.inviterHead, replay(given.nonceHex)), given.blob, name);
    const plaintext = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      fromBase64(given.blob).subarray(24),
      given.associatedText,
      hexBytes(given.nonceHex),
      hexBytes(given.keyHex),
    );
    assert.equal(fromUtf8(plaintext), given.plaintext, name);
  }
  for (const { name, blob, mesh, error, ...given } of file.failures) {
    const open = () =>
      inviteSecret(given.code).openHead(blob as (typeof file.cases)[0]["blob"], mesh);
    mustFail(code(error), open, name);
  }
});
