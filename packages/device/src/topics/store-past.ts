import type { Received } from "@claudemesh/crypto";
import type { DeviceContext } from "../context.ts";
import { asRow } from "../feed/accept-message.ts";
import { addInbox } from "../store/inbox-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { isFollowUp, takeFollowUp } from "./follow-ups.ts";
import { settlePost } from "./settle-post.ts";
import { settleTarget } from "./take-post.ts";

/** Stores an old post as read: it is offered to nobody, names nobody, and its sender hears nothing of it. Part of the caller's transaction. */
export function storePast(
  ctx: DeviceContext,
  { member }: MembershipRow,
  seq: number,
  good: Extract<Received, { result: "opened" | "time_not_provable" }>,
): void {
  const { body, header, result } = good;
  addInbox(ctx.store, {
    ...asRow(good, seq, ctx.now()),
    own: header.from.member === member ? 1 : 0,
    ...(result === "opened" ? {} : { guard: "undated", guard_reason: "time_not_provable" }),
    isPassed: true,
  });
  takeFollowUp(ctx.store, header, body, { seq, self: member });
  if (isFollowUp(header.to, body.subtype)) {
    settleTarget(ctx, member, header);
    return;
  }
  // What was said of it may have been fetched before it.
  const { from, id, mesh, to: place } = header;
  const author = from.member;
  settlePost(ctx.store, { mesh, place, id, author, isOwn: author === member }, ctx.now());
}
