import type { MemberId, MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { guardThread, putGuardThread } from "../store/guard-rows.ts";
import { type Release, releaseHeld } from "../store/held-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { tell } from "../store/story.ts";

/** Lets a thread go on: its count begins anew, as with a person's message, and what was held for it is shown. False when nothing had stopped or counted in it. */
export function releaseThread(
  ctx: DeviceContext,
  row: MembershipRow,
  thread: MessageId,
): { readonly restarted: boolean; readonly released: MessageId[] } {
  return ctx.store.write(() => {
    const { mesh } = row;
    const known = guardThread(ctx.store, mesh, thread);
    const restarted = known !== undefined && (known.stopped_at !== null || known.hops > 0);
    if (restarted) {
      const since = ctx.ids.nextMessageId();
      putGuardThread(ctx.store, { mesh, thread, since, hops: 0, stopped_at: null });
    }
    return { restarted, released: letGo(ctx, { mesh, thread, reason: "loop_limit" }) };
  });
}

/** Shows one message that waits for a person's yes. Answers whether it was held for that. */
export const releaseMessage = (
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  message: MessageId,
): MessageId[] => ctx.store.write(() => letGo(ctx, { mesh, message, reason: "awaiting_approval" }));

/** Shows everything of a sender that waits for a person's yes. */
export const releaseSender = (
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  sender: MemberId,
): MessageId[] => ctx.store.write(() => letGo(ctx, { mesh, sender, reason: "awaiting_approval" }));

function letGo(ctx: DeviceContext, what: Release & { readonly reason: string }): MessageId[] {
  const rows = releaseHeld(ctx.store, what);
  const at = ctx.now();
  for (const { mesh, id, sender } of rows) {
    tell(ctx.store, mesh, id, { at, what: "released here by a person", sender });
  }
  if (rows.length > 0) ctx.wake.now();
  return rows.map(({ id }) => id);
}
