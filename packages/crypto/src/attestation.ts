import {
  type AttachProof,
  type Attestation,
  limits,
  MeshError,
  type SignKey,
} from "@claudemesh/protocol";
import { type Connection, requireBoundTo } from "./connection-binding.ts";
import { domains } from "./domain.ts";
import type { JsonValue } from "./jcs.ts";
import type { Roster } from "./roster/index.ts";
import { isSignedBy, requireSigned, type Signer, signStatement, unsigned } from "./signature.ts";

export type AttestationFields = Omit<Attestation, "v" | "sig">;
export type AttachProofFields = Omit<AttachProof, "v" | "sig">;

/** Signs, with the member key, that a session and its keys are the member's. Throws `malformed` on a life over 24 hours. */
export function signAttestation(fields: AttestationFields, signer: Signer): Attestation {
  requireLife(fields);
  return signStatement(domains.attest, { v: 1 as const, ...fields }, signer);
}

/**
 * Checks an attestation against the member's signing key at `now` (ms); that its mesh, member and device are the expected ones is the caller's to compare. Throws `bad_signature`, `malformed` when it lives over 24 hours,
 * `clock_skew` when it begins in the future, `expired`.
 */
export function verifyAttestation(attestation: Attestation, key: SignKey, now: number): void {
  requireSigned(domains.attest, attestation, key, "attestation");
  requireLife(attestation);
  if (attestation.at > now + limits.clockSkewMs) {
    throw new MeshError("clock_skew", "at: the attestation begins in the future", {
      detail: { serverTime: now },
    });
  }
  if (now >= attestation.notAfter) {
    throw new MeshError("expired", "notAfter: the session's attestation has expired");
  }
}

/** Why a session's attestation holds no more, whatever its own time says. */
export type AttestationEnd = "not_member" | "rekeyed" | "session_revoked";

/**
 * What in the chain has ended an attestation that verified once: its session was revoked, its member removed, or the member's keys replaced after
 * it was signed; undefined while it stands. Ask it anew whenever the roster grows: sessions that are attached end with their attestation.
 */
export function attestationEnd(
  attestation: Attestation,
  roster: Pick<Roster, "isMember" | "isSessionRevoked" | "members">,
): AttestationEnd | undefined {
  const { member, session } = attestation;
  const keys = roster.members.get(member)?.keys;
  if (keys === undefined || !roster.isMember(member)) return "not_member";
  if (roster.isSessionRevoked(member, session)) return "session_revoked";
  const isOurs = isSignedBy(
    keys.sign,
    domains.attest,
    asJson(unsigned(attestation)),
    attestation.sig,
  );
  return isOurs ? undefined : "rekeyed";
}

/**
 * Checks an untrusted attestation against the chain: that it stands there, and `verifyAttestation` by the member's present key. Throws `not_member`,
 * `revoked`, and what that throws.
 */
export function requireAttested(
  attestation: Attestation,
  roster: Pick<Roster, "isMember" | "isSessionRevoked" | "members">,
  now: number,
): void {
  const { member, session } = attestation;
  const subject = roster.members.get(member);
  if (subject === undefined || !roster.isMember(member)) {
    throw new MeshError("not_member", "member: the attestation is by no member of the mesh");
  }
  if (roster.isSessionRevoked(member, session)) {
    throw new MeshError("revoked", `session ${session} was revoked by its member`);
  }
  verifyAttestation(attestation, subject.keys.sign, now);
}

const asJson = (value: object): JsonValue => value as unknown as JsonValue;

function requireLife({ at, notAfter }: Pick<Attestation, "at" | "notAfter">): void {
  if (notAfter <= at || notAfter - at > limits.attestationMs) {
    throw new MeshError("malformed", "notAfter: an attestation lives 24 hours at most");
  }
}

/** Proves possession of a session's signing key over a connection's challenge. */
export const signAttachProof = (fields: AttachProofFields, session: Signer): AttachProof =>
  signStatement(domains.attach, { v: 1 as const, ...fields }, session);

/** Checks a proof against the verified attestation of its session. Throws `wrong_host`, `unauthorized` for a foreign challenge or session, `bad_signature`. */
export function verifyAttachProof(
  proof: AttachProof,
  attestation: Attestation,
  connection: Connection,
): void {
  requireBoundTo(proof, connection, "attach proof");
  if (proof.mesh !== attestation.mesh || proof.session !== attestation.session) {
    throw new MeshError("unauthorized", "the attach proof is for another session");
  }
  requireSigned(domains.attach, proof, attestation.keys.sign, "attach proof");
}
