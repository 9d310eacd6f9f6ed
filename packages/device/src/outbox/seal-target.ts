import { type SharedKind, verifyAttestation } from "@claudemesh/crypto";
import {
  Attestation,
  type Audience,
  audienceOf,
  audienceOfSession,
  type MemberId,
  MeshError,
  parse,
  type SealKey,
  topicOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import type { OutboxRow } from "../store/outbox-rows.ts";

/** Why a message waits whose newest key this home has not been given yet. */
export const awaitingKey = "awaiting_key";

/** The member that a message to one is for. */
export const memberFor = ({ recipient }: OutboxRow): MemberId => recipient as MemberId;

/** The audience that a message is for: many, one session, or the whole member. */
export function audienceFor(message: OutboxRow): Audience {
  const { audience, to_session: session } = message;
  if (audience !== null) return audience;
  return session === null ? audienceOf(memberFor(message)) : audienceOfSession(session);
}

/** The number of the newest key of an audience at this home's roster head: a mesh epoch, or a version of a private topic's own key. */
export function newestKey(ctx: DeviceContext, row: MembershipRow, message: OutboxRow): number {
  const roster = ctx.rosters.of(row.mesh);
  const topic = message.audience === null ? undefined : topicOf(message.audience);
  if (message.kind !== "private_topic" || topic === undefined) {
    return roster.epochAt(roster.head.seq).number;
  }
  return roster.topics.get(topic)?.version ?? 0;
}

/** Whether a message is sealed under a key that many hold. */
export const isForMany = (
  message: OutboxRow,
): message is OutboxRow & { readonly kind: SharedKind; readonly audience: Audience } =>
  message.audience !== null;

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
  const { to_session: session, to_attestation: text } = message;
  const recipient = memberFor(message);
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
