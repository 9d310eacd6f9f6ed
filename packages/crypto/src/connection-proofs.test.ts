import assert from "node:assert/strict";
import { test } from "node:test";
import { AttachProof, Attestation, Hello, InviteOpen, limits } from "@claudemesh/protocol";
import { signAttestation, verifyAttachProof, verifyAttestation } from "./attestation.ts";
import { verifyHello } from "./hello.ts";
import { inviteSecret } from "./invite-code.ts";
import { signInviteOpen, verifyInviteOpen } from "./invite-proof.ts";
import { challenge, code, host, memberOf, mesh, moment, otherMesh } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { attachProof, attestation, hello, inviteOpen } from "./testing/statements.ts";

const connection = { hosts: ["localhost:80", host], challenge };
const elsewhere = { hosts: ["evil.example:443"], challenge };
const later = { hosts: [host], challenge: memberOf("x").keys.sign };

test("all of them are valid on the wire", () => {
  assert.deepEqual(Hello.parse(hello()), hello());
  assert.deepEqual(Attestation.parse(attestation()), attestation());
  assert.deepEqual(AttachProof.parse(attachProof()), attachProof());
  assert.deepEqual(InviteOpen.parse(inviteOpen()), inviteOpen());
});

test("a hello holds for its host, challenge and time only", () => {
  const now = moment;
  verifyHello(hello(), { ...connection, now });
  verifyHello(hello(), { ...connection, now: now + limits.clockSkewMs });
  const wrong = mustFail("wrong_host", () => verifyHello(hello(), { ...elsewhere, now }));
  assert.deepEqual(wrong.detail, { host });
  mustFail("unauthorized", () => verifyHello(hello(), { ...later, now }));
  mustFail("bad_signature", () => verifyHello({ ...hello(), at: now + 1 }, { ...connection, now }));
});

test("a clock that is off is told the server's time", () => {
  for (const now of [moment + limits.clockSkewMs + 1, moment - limits.clockSkewMs - 1]) {
    const error = mustFail("clock_skew", () => verifyHello(hello(), { ...connection, now }));
    assert.deepEqual(error.detail, { serverTime: now });
  }
  const strict = { ...connection, now: moment + 11, skewMs: 10 };
  mustFail("clock_skew", () => verifyHello(hello(), strict));
});

test("an attestation holds while it lives, which is 24 hours at most", () => {
  const { signer, keys } = memberOf("alice");
  const { sig: _sig, v: _v, ...fields } = attestation();
  const day = signAttestation({ ...fields, notAfter: moment + limits.attestationMs }, signer);
  verifyAttestation(day, keys.sign, moment);
  verifyAttestation(day, keys.sign, day.notAfter - 1);
  mustFail("expired", () => verifyAttestation(day, keys.sign, day.notAfter));
  mustFail("clock_skew", () => verifyAttestation(day, keys.sign, moment - limits.clockSkewMs - 1));
  mustFail("bad_signature", () => verifyAttestation(day, memberOf("bob").keys.sign, moment));
  for (const notAfter of [moment, moment - 1, moment + limits.attestationMs + 1]) {
    mustFail("malformed", () => signAttestation({ ...fields, notAfter }, signer));
  }
});

test("an attach proof holds for its session, host and challenge only", () => {
  verifyAttachProof(attachProof(), attestation(), connection);
  const check =
    (attested: Attestation, to = connection) =>
    () =>
      verifyAttachProof(attachProof(), attested, to);
  mustFail("wrong_host", check(attestation(), elsewhere));
  mustFail("unauthorized", check(attestation(), later));
  mustFail("unauthorized", check({ ...attestation(), mesh: otherMesh }));
  mustFail("unauthorized", check({ ...attestation(), session: memberOf("bob").session }));
  mustFail("bad_signature", check({ ...attestation(), keys: memberOf("bob").keys }));
});

test("an invite request holds for its invite, host and challenge only", () => {
  const { key, id } = inviteSecret(code);
  verifyInviteOpen(inviteOpen(), key, connection);
  mustFail("wrong_host", () => verifyInviteOpen(inviteOpen(), key, elsewhere));
  mustFail("unauthorized", () => verifyInviteOpen(inviteOpen(), key, later));
  const eve = memberOf("eve");
  mustFail("bad_signature", () => verifyInviteOpen(inviteOpen(), eve.keys.sign, connection));
  const forged = signInviteOpen({ mesh, invite: id, host, challenge }, eve.signer);
  mustFail("bad_signature", () => verifyInviteOpen(forged, key, connection));
});
