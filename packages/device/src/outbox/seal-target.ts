import { verifyAttestation } from "@claudemesh/crypto";
import {
  Attestation,
  type Audience,
  audienceOf,
  audienceOfSession,
  MeshError,
  parse,
  type SealKey,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import type { OutboxRow } from "../store/outbox-rows.ts";

/** The audience that a message is for: one session, or the whole member. */
export const audienceFor = ({ recipient, to_session: session }: OutboxRow): Audience =>
  session === null ? audienceOf(recipient) : audienceOfSession(session);

/**
 * The key to seal a message to; undefined when the recipient is no member any more. A session's key counts only as long as its member's signed attestation does: throws
 * `no_recipient` when that is over or was revoked.
 */
export function sealKeyFor(
  ctx: DeviceContext,
  row: MembershipRow,
  message: OutboxRow,
): SealKey | undefined {
  const roster = ctx.rosters.of(row.mesh);
  const { recipient, to_session: session, to_attestation: text } = message;
  if (session === null || text === null) return roster.sealKey(recipient);
  const attestation = parse(Attestation, JSON.parse(text), "attestation");
  const key = roster.isMember(recipient) ? roster.members.get(recipient)?.keys.sign : undefined;
  if (key === undefined) return undefined;
  try {
    verifyAttestation(attestation, key, ctx.now());
  } catch (cause) {
    // A clock that was set back since the session was chosen does not make it another session.
    if (!(cause instanceof MeshError) || cause.code !== "clock_skew") {
      throw new MeshError("no_recipient", "the session's attestation is over", { cause });
    }
  }
  if (roster.isSessionRevoked(recipient, session)) {
    throw new MeshError("no_recipient", "the recipient has revoked the session");
  }
  return attestation.keys.seal;
}
