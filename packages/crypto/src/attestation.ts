import {
  type AttachProof,
  type Attestation,
  limits,
  MeshError,
  type SignKey,
} from "@claudemesh/protocol";
import { type Connection, requireBoundTo } from "./connection-binding.ts";
import { domains } from "./domain.ts";
import { requireSigned, type Signer, signStatement } from "./signature.ts";

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
