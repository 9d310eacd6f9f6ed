import { verifyAttestation } from "@claudemesh/crypto";
import { MeshError, type WirePeer } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";

export interface PeerCheck {
  /** the time by the broker's clock, ms */
  readonly at: number;
  /** what is of an earlier time may speak of sessions whose attestation is over by now */
  readonly isPast?: boolean;
}

const noMember = "its member is none of this mesh";

/**
 * What is wrong with a peer that the broker tells of; undefined where its member is one, and did attest the session's keys for this mesh. That the session is there now is
 * the broker's word, and so is what it says of itself.
 */
export function doubtPeer(
  ctx: DeviceContext,
  row: MembershipRow,
  peer: WirePeer,
  { at, isPast = false }: PeerCheck,
): string | undefined {
  const roster = ctx.rosters.of(row.mesh);
  const key = roster.isMember(peer.member) && roster.members.get(peer.member)?.keys.sign;
  if (!key) return noMember;
  const { session } = peer;
  if (session === undefined) return undefined;
  const { attestation } = session;
  const { mesh, member, device } = attestation;
  if (mesh !== row.mesh) return "it is attested for another mesh";
  if (member !== peer.member || device !== peer.device) return "it is attested for someone else";
  if (roster.isSessionRevoked(member, attestation.session)) return "its member has revoked it";
  try {
    verifyAttestation(attestation, key, at);
    return undefined;
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return isPast && error.code === "expired" ? undefined : error.message;
  }
}

/** Whether a peer may be shown; a session whose attestation is wrong is told of once. */
export function isGenuine(
  ctx: DeviceContext,
  row: MembershipRow,
  peer: WirePeer,
  check: PeerCheck,
): boolean {
  const wrong = doubtPeer(ctx, row, peer, check);
  if (wrong === undefined) return true;
  // Who is in no chain that this home has may have joined a moment ago.
  if (peer.session === undefined || wrong === noMember) return false;
  const { session } = peer.session.attestation;
  ctx.store.write(() =>
    addNotice(ctx.store, {
      mesh: row.mesh,
      key: `peer:${session}:${wrong}`,
      code: "peer_refused",
      text: `a session that the broker shows as connected is passed over: ${wrong}`,
      at: ctx.now(),
    }),
  );
  return false;
}
