import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { before, test } from "node:test";
import type { ErrorCode } from "@claudemesh/protocol";
import { verifyAttachProof, verifyAttestation } from "../attestation.ts";
import { verifyGrants } from "../grants.ts";
import { verifyHello } from "../hello.ts";
import { inviteIdOf, verifyInviteOpen, verifyInviteProof } from "../invite-proof.ts";
import { newerProfile, verifyProfile } from "../profile.ts";
import { verifyReceipt } from "../receipt.ts";
import { ready } from "../sodium.ts";
import { loadVectors } from "../testing/load-vectors.ts";
import { mustFail } from "../testing/must-fail.ts";
import { generalTopic, verifyTopic } from "../topic.ts";
import type * as build from "./statements.ts";

before(ready);

/** Checks a case with Node's own Ed25519 and SHA-256: the text, its hash and its signature. */
function checkSigned(signed: {
  name: string;
  key: string;
  signedText: string;
  hash?: string;
  statement?: { sig: string };
  proof?: string;
}): void {
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: signed.key },
    format: "jwk",
  });
  const sig = Buffer.from(signed.statement?.sig ?? signed.proof ?? "", "base64url");
  assert.ok(verify(null, Buffer.from(signed.signedText), key, sig), signed.name);
  if (signed.hash !== undefined) {
    assert.equal(createHash("sha256").update(signed.signedText).digest("hex"), signed.hash);
  }
  if (signed.statement) {
    const { sig: _sig, ...rest } = signed.statement;
    const [, text] = signed.signedText.split("\n");
    assert.deepEqual(JSON.parse(text ?? ""), rest);
  }
}

const code = (error: string) => error as ErrorCode;

test("hello", () => {
  const { cases, failures, connection } = loadVectors<typeof build.helloVectors>("hello");
  for (const valid of cases) {
    checkSigned(valid);
    verifyHello(valid.statement, connection);
  }
  for (const { name, statement, error, ...rest } of failures) {
    mustFail(code(error), () => verifyHello(statement, { ...connection, ...rest }), name);
  }
});

test("attestation and attach proof", () => {
  const file = loadVectors<typeof build.attestationVectors>("attestation");
  const [valid] = file.cases;
  assert.ok(valid);
  checkSigned(valid);
  const attestation = valid.statement;
  verifyAttestation(attestation, valid.key, file.now);
  for (const { name, statement, error, ...rest } of file.failures) {
    const now = "now" in rest ? rest.now : file.now;
    mustFail(code(error), () => verifyAttestation(statement, valid.key, now ?? file.now), name);
  }
  checkSigned(file.attach);
  const proof = file.attach.statement;
  verifyAttachProof(proof, attestation, file.attach.connection);
});

test("invite proof and invite request", () => {
  const file = loadVectors<typeof build.inviteProofVectors>("invite-proof");
  for (const valid of file.cases) {
    checkSigned(valid);
    assert.equal(inviteIdOf(valid.key), valid.claim.invite);
    verifyInviteProof(valid.claim, valid.proof, valid.key);
  }
  for (const { name, key, claim, proof, error } of file.failures) {
    mustFail(code(error), () => verifyInviteProof(claim, proof, key), name);
  }
  checkSigned(file.open);
  const open = file.open.statement;
  verifyInviteOpen(open, file.open.key, file.open.connection);
});

test("receipt", () => {
  const { cases, failures } = loadVectors<typeof build.receiptVectors>("receipt");
  for (const valid of cases) {
    checkSigned(valid);
    verifyReceipt(valid.statement, valid.key);
  }
  for (const { name, statement, key, error } of failures) {
    mustFail(code(error), () => verifyReceipt(statement, key), name);
  }
});

test("grants", () => {
  const { cases, failures } = loadVectors<typeof build.grantsVectors>("grants");
  for (const valid of cases) {
    checkSigned(valid);
    verifyGrants(valid.statement, valid.key);
  }
  for (const { name, statement, key, error } of failures) {
    mustFail(code(error), () => verifyGrants(statement, key), name);
  }
});

test("profile", () => {
  const { cases, failures, order } = loadVectors<typeof build.profileVectors>("profile");
  const bySig = new Map<string, Parameters<typeof verifyProfile>[0]>();
  for (const valid of cases) {
    checkSigned(valid);
    const profile = valid.statement;
    verifyProfile(profile, valid.key);
    bySig.set(profile.sig, profile);
  }
  for (const { name, of, wins } of order) {
    const [a, b] = of.map((sig) => bySig.get(sig));
    assert.ok(a && b);
    assert.equal(newerProfile(a, b).sig, wins, name);
  }
  for (const { name, statement, key, error } of failures) {
    mustFail(code(error), () => verifyProfile(statement, key), name);
  }
});

test("topic", () => {
  const { cases, failures, general } = loadVectors<typeof build.topicVectors>("topic");
  for (const { mesh, topic } of general) assert.equal(generalTopic(mesh), topic);
  for (const valid of cases) {
    checkSigned(valid);
    verifyTopic(valid.statement, valid.key);
  }
  for (const { name, statement, key, error } of failures) {
    mustFail(code(error), () => verifyTopic(statement, key), name);
  }
});
