import type { Signature, SignKey } from "@claudemesh/protocol";
import { type Domain, domains, hashStatement, statementBytes } from "../domain.ts";
import { fromUtf8 } from "../encoding.ts";
import { signGrants } from "../grants.ts";
import { inviteSecret } from "../invite-code.ts";
import { signInviteProof } from "../invite-proof.ts";
import type { JsonValue } from "../jcs.ts";
import { profileHash, signProfile } from "../profile.ts";
import { unsigned } from "../signature.ts";
import * as at from "../testing/fixtures.ts";
import {
  attachProof,
  attestation,
  grants,
  hello,
  inviteOpen,
  profile,
  receipt,
  topic,
} from "../testing/statements.ts";
import { generalTopic, signTopic } from "../topic.ts";

/** A signed statement with what leads to its signature, step by step. */
function signed<T extends { sig: Signature }>(
  name: string,
  domain: Domain,
  key: SignKey,
  statement: T,
) {
  const covered = unsigned(statement) as unknown as JsonValue;
  return {
    ...{ name, key, statement, signedText: fromUtf8(statementBytes(domain, covered)) },
    hash: hashStatement(domain, covered),
  };
}

const alice = () => at.memberOf("alice");

/** The same statement with some fields replaced and the signature of before. */
const altered = <T extends object>(statement: T, change: Partial<T>) => ({
  ...statement,
  ...change,
});

export function helloVectors() {
  const valid = hello();
  const { host, challenge, moment } = at;
  const connection = { hosts: [host], challenge, now: moment, skewMs: 60_000 };
  const far = "evil.example:443";
  return {
    format: "hello",
    connection,
    cases: [signed("hello", domains.hello, valid.key, valid)],
    failures: [
      {
        name: "made for another host",
        statement: altered(valid, { host: far }),
        error: "wrong_host",
      },
      {
        name: "replayed on another connection",
        statement: altered(valid, { challenge: at.memberOf("eve").keys.sign }),
        error: "unauthorized",
      },
      {
        name: "time changed",
        statement: altered(valid, { at: moment + 1 }),
        error: "bad_signature",
      },
      { name: "clock 61 s behind", statement: valid, now: moment + 61_000, error: "clock_skew" },
    ],
  };
}

export function attestationVectors() {
  const valid = attestation();
  const { sign } = alice().keys;
  const device = at.memberOf("bob").device;
  return {
    format: "attestation",
    now: at.moment,
    cases: [signed("attestation of a session's keys", domains.attest, sign, valid)],
    failures: [
      { name: "expired", statement: valid, now: valid.notAfter, error: "expired" },
      { name: "begins later", statement: valid, now: at.moment - 60_001, error: "clock_skew" },
      { name: "device changed", statement: altered(valid, { device }), error: "bad_signature" },
      {
        name: "lives over 24 hours",
        statement: resigned(domains.attest, altered(valid, { notAfter: at.moment + 86_400_001 })),
        error: "malformed",
      },
    ],
    attach: {
      connection: { hosts: [at.host], challenge: at.challenge },
      ...signed("attach proof", domains.attach, valid.keys.sign, attachProof()),
    },
  };
}

const resigned = <T extends { sig: Signature }>(domain: Domain, statement: T): T => ({
  ...statement,
  sig: alice().signer.sign(domain, unsigned(statement) as unknown as JsonValue),
});

export function inviteProofVectors() {
  const { id, key, signer } = inviteSecret(at.code);
  const claim = { mesh: at.mesh, invite: id, keys: at.memberOf("bob").keys };
  const proof = signInviteProof(claim, signer);
  const eve = at.memberOf("eve").keys;
  return {
    format: "invite-proof",
    cases: [
      {
        ...{ name: "join proof", key, claim, proof },
        signedText: fromUtf8(statementBytes(domains.inviteProof, claim)),
      },
    ],
    failures: [
      {
        name: "keys of another",
        key,
        claim: { ...claim, keys: eve },
        proof,
        error: "bad_signature",
      },
      {
        name: "another mesh",
        key,
        claim: { ...claim, mesh: at.otherMesh },
        proof,
        error: "bad_signature",
      },
      { name: "key of another invite", key: eve.sign, claim, proof, error: "bad_signature" },
    ],
    open: {
      connection: { hosts: [at.host], challenge: at.challenge },
      ...signed("request to read the chain", domains.inviteOpen, key, inviteOpen()),
    },
  };
}

export function receiptVectors() {
  const valid = receipt();
  const { sign } = at.memberOf("bob").keys;
  return {
    format: "receipt",
    cases: [signed("one message held", domains.receipt, sign, valid)],
    failures: [
      {
        name: "state changed",
        statement: altered(valid, { state: "stored" }),
        key: sign,
        error: "bad_signature",
      },
      {
        name: "head changed",
        statement: altered(valid, { head: { ...valid.head, seq: valid.head.seq + 1 } }),
        key: sign,
        error: "bad_signature",
      },
      {
        name: "signed by the sender",
        statement: resigned(domains.receipt, valid),
        key: sign,
        error: "bad_signature",
      },
    ],
  };
}

export function grantsVectors() {
  const valid = grants();
  const { signer, keys } = alice();
  const { mesh, member, at: moment } = valid;
  const short = signGrants({ mesh, member, version: 1, rules: [], at: moment }, signer);
  return {
    format: "grants",
    cases: [
      signed("every field", domains.grants, keys.sign, valid),
      signed("no more than it must have", domains.grants, keys.sign, short),
    ],
    failures: [
      {
        name: "the rule taken out",
        statement: altered(valid, { rules: [] }),
        key: keys.sign,
        error: "bad_signature",
      },
      {
        name: "author is another member",
        statement: valid,
        key: at.memberOf("bob").keys.sign,
        error: "bad_signature",
      },
    ],
  };
}

export function profileVectors() {
  const valid = profile();
  const { signer, keys } = alice();
  const { sig: _sig, author: _author, v: _v, ...statement } = valid;
  const again = { ...statement, fields: { displayName: "Alice" } };
  const other = signProfile(again, signer);
  const newer = signProfile({ ...again, version: 3 }, signer);
  return {
    format: "profile",
    cases: [
      signed("every field", domains.profile, keys.sign, valid),
      signed("the same version, other fields", domains.profile, keys.sign, other),
      signed("a newer version", domains.profile, keys.sign, newer),
    ],
    order: [
      { name: "the higher version wins", of: [valid.sig, newer.sig], wins: newer.sig },
      {
        name: "on a tie the smaller hash wins",
        of: [valid.sig, other.sig],
        wins: profileHash(valid) < profileHash(other) ? valid.sig : other.sig,
      },
    ],
    failures: [
      {
        name: "version raised",
        statement: altered(valid, { version: 9 }),
        key: keys.sign,
        error: "bad_signature",
      },
      {
        name: "author is another member",
        statement: valid,
        key: at.memberOf("bob").keys.sign,
        error: "bad_signature",
      },
    ],
  };
}

export function topicVectors() {
  const valid = topic();
  const { signer, keys } = alice();
  const { mesh, moment } = at;
  const place = { mesh, topic: at.topicId("plans"), name: "plans", at: moment };
  const short = signTopic({ ...place, version: 1, visibility: "private" }, signer);
  return {
    format: "topic",
    general: [mesh, at.otherMesh].map((of) => ({ mesh: of, topic: generalTopic(of) })),
    cases: [
      signed("every field", domains.topicStatement, keys.sign, valid),
      signed("no more than it must have", domains.topicStatement, keys.sign, short),
    ],
    failures: [
      {
        name: "name changed",
        statement: altered(valid, { name: "deploy" }),
        key: keys.sign,
        error: "bad_signature",
      },
      {
        name: "another topic",
        statement: altered(valid, { topic: short.topic }),
        key: keys.sign,
        error: "bad_signature",
      },
      {
        name: "author is another member",
        statement: valid,
        key: at.memberOf("bob").keys.sign,
        error: "bad_signature",
      },
    ],
  };
}
