import type { MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { leaseOf } from "../store/hand-over-rows.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import type { OutboxRow } from "../store/outbox-rows.ts";
import { isFollowUp } from "../topics/follow-ups.ts";
import { tellSender } from "./tell-sender.ts";

/** Names in a reply the lease by which its agent session answers the thread; part of the caller's transaction. */
export function nameLease(
  ctx: DeviceContext,
  reply: Pick<OutboxRow, "mesh" | "id"> & { readonly thread?: MessageId | null },
): void {
  const { agentSession, store } = ctx;
  const { mesh, id, thread } = reply;
  if (agentSession === undefined || thread === undefined || thread === null) return;
  const lease = leaseOf(store, mesh, thread);
  if (lease?.agent_session !== agentSession) return;
  store.run("UPDATE outbox SET lease = ? WHERE id = ?", lease.token, id);
}

/**
 * Once the broker has a reply, what it answers counts as answered, and its sender is told; whoever answers has seen it, whatever the hand-over says. Only a reply to
 * its sender, or to the many that it went to, is an answer; what changes a post or reacts to it is none. Part of the caller's transaction.
 */
export function tellAnswered(ctx: DeviceContext, reply: OutboxRow): void {
  const { store } = ctx;
  if (reply.reply_to === null || isFollowUp(reply.recipient, reply.subtype)) return;
  const row = store.get<InboxRow>(
    `SELECT * FROM inbox WHERE mesh = ? AND id = ? AND (sender = ? OR audience = ?)
       AND kind NOT IN ('guard', 'void') AND answered_at IS NULL`,
    reply.mesh,
    reply.reply_to,
    reply.recipient,
    reply.audience,
  );
  if (row === undefined) return;
  const at = ctx.now();
  store.run(
    `UPDATE inbox SET answered_at = ?, seen_at = coalesce(seen_at, ?), handed_at = coalesce(handed_at, ?),
       handing_by = NULL, held = NULL WHERE position = ?`,
    at,
    at,
    at,
    row.position,
  );
  const { agent_session: agentSession } = reply;
  const who = agentSession === null ? {} : { agentSession };
  if (agentSession !== null && row.seen_at === null) {
    const what = "seen: the agent's reply refers to it";
    tellSender(ctx, row, { state: "in_context", at, what, ...who });
  }
  const what = `answered from here with ${reply.id.slice(-8)}`;
  tellSender(ctx, row, { state: "answered", at, what, ...who });
}
