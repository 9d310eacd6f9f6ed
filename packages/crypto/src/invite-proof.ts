import {
  type InviteId,
  type InviteOpen,
  type MemberKeys,
  MeshError,
  type MeshId,
  type Signature,
  type SignKey,
} from "@claudemesh/protocol";
import { type Connection, requireBoundTo } from "./connection-binding.ts";
import { domains, sha256, statementBytes } from "./domain.ts";
import { isSignedBy, requireSigned, type Signer, signStatement } from "./signature.ts";
import { formatUuid } from "./uuid.ts";

/** The invite id that belongs to an invite's public key: the first 128 bits of its hash as a UUIDv8 (RFC 9562, section 5.8). */
export const inviteIdOf = (key: SignKey): InviteId =>
  `inv_${formatUuid(sha256(statementBytes(domains.inviteId, key)).subarray(0, 16), 8)}` as InviteId;

/** What a joiner claims with an invite. */
export interface InviteClaim {
  readonly mesh: MeshId;
  readonly invite: InviteId;
  readonly keys: MemberKeys;
}

const claimOf = ({ mesh, invite, keys }: InviteClaim) => ({
  mesh,
  invite,
  keys: { sign: keys.sign, seal: keys.seal },
});

/** The invite key's signature over mesh, invite and the joiner's keys: `proof` of a `join` entry. */
export const signInviteProof = (claim: InviteClaim, invite: Signer): Signature =>
  invite.sign(domains.inviteProof, claimOf(claim));

/** Throws `bad_signature` unless `key`, the invite's public key of the roster, signed the claim. */
export function verifyInviteProof(claim: InviteClaim, proof: Signature, key: SignKey): void {
  if (!isSignedBy(key, domains.inviteProof, claimOf(claim), proof)) {
    throw new MeshError("bad_signature", "the invite proof of the join does not verify");
  }
}

export type InviteOpenFields = Omit<InviteOpen, "v" | "sig">;

/** Signs the request to read the chain before joining with the invite key. */
export const signInviteOpen = (fields: InviteOpenFields, invite: Signer): InviteOpen =>
  signStatement(domains.inviteOpen, { v: 1 as const, ...fields }, invite);

/** Checks the request against the invite's public key. Throws `wrong_host`, `unauthorized` for a foreign challenge, `bad_signature`. */
export function verifyInviteOpen(open: InviteOpen, key: SignKey, connection: Connection): void {
  requireBoundTo(open, connection, "invite request");
  if (open.invite !== inviteIdOf(key)) {
    throw new MeshError("bad_signature", "invite: the id is not that of the invite's key");
  }
  requireSigned(domains.inviteOpen, open, key, "invite request");
}
