import {
  audienceOf,
  audienceOfSession,
  type Envelope,
  MeshError,
  MessageId,
} from "@claudemesh/protocol";
import type { Actor } from "../../handler.ts";
import type { LeaseToken } from "../../store/port.ts";

/** How far ahead of the broker a sender's clock may say that a message was written, before it is nonsense. */
const aheadMs = 24 * 3_600_000;

/** Throws `malformed`, `forbidden` or `clock_skew` unless an envelope can be the actor's own, for its mesh. */
export function requireOwn(envelope: Envelope, actor: Actor, now: number): void {
  const { header } = envelope;
  if (header.mesh !== actor.mesh) {
    throw new MeshError("malformed", "envelope.header.mesh: not the connection's mesh");
  }
  if (header.from.member !== actor.member || header.from.device !== actor.device) {
    throw new MeshError(
      "forbidden",
      "envelope.header.from: not the connection's member and device",
    );
  }
  if (header.createdAt > now + aheadMs) {
    throw new MeshError("clock_skew", "envelope.header.createdAt: more than a day ahead", {
      detail: { serverTime: now },
    });
  }
}

/** Whether an envelope is addressed to its own sender, member or session. */
export const isToSelf = ({ header }: Envelope, actor: Actor): boolean =>
  header.to === audienceOf(actor.member) ||
  (header.from.session !== undefined && header.to === audienceOfSession(header.from.session));

/** The lease that a header names, as `delivery.claim` gave it: thread and token. Throws `malformed` for any other text. */
export function leaseOf({ header: { kind, lease } }: Envelope): LeaseToken | undefined {
  if (lease === undefined || kind === "void") return undefined;
  const at = lease.lastIndexOf(":");
  const thread = MessageId.safeParse(lease.slice(0, at));
  const digits = lease.slice(at + 1);
  if (!thread.success || !/^[1-9]\d{0,14}$/.test(digits)) {
    throw new MeshError("malformed", "envelope.header.lease: not a lease of this broker");
  }
  return { thread: thread.data, token: Number(digits) };
}
