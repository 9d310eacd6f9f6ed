import { audienceOf, type Envelope, MeshError } from "@claudemesh/protocol";
import type { Actor } from "../../handler.ts";

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

/** Whether an envelope is addressed to its own sender. */
export const isToSelf = ({ header }: Envelope, actor: Actor): boolean =>
  header.to === audienceOf(actor.member);
