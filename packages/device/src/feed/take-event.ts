import { type LogEvent, MeshError, type Notice, type RosterEntry } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { tell } from "../store/story.ts";
import type { FeedScope } from "./feed-scope.ts";
import { retryAwaiting, takeMessage } from "./take-message.ts";
import { takeProfile } from "./take-profile.ts";
import { takeReceipt } from "./take-receipt.ts";

/** Takes in one event of the log; when it settles, its effect is on stable storage and may be acknowledged. */
export async function takeEvent(
  ctx: DeviceContext,
  scope: FeedScope,
  event: LogEvent,
): Promise<void> {
  switch (event.kind) {
    case "message":
      return takeMessage(ctx, scope, event);
    case "notice":
      return takeBrokerNotice(ctx, scope, event.body);
    case "profile":
      return takeProfile(ctx, scope, event.body);
    case "receipt":
      return takeReceipt(ctx, scope, event.body);
    case "roster":
      return takeRosterEntry(ctx, scope, event.body);
  }
}

async function takeRosterEntry(
  ctx: DeviceContext,
  scope: FeedScope,
  entry: RosterEntry,
): Promise<void> {
  const { mesh } = scope.row;
  try {
    ctx.rosters.take(mesh, [entry]);
  } catch (error) {
    const isGap = error instanceof MeshError && error.code === "roster_conflict";
    if (!isGap) throw error;
    await scope.syncRoster();
  }
  await retryAwaiting(ctx, scope);
}

/** The broker's word that a message's time ran out counts only for what it has accepted, and while no device has said, signed, that it has it. */
function takeBrokerNotice(ctx: DeviceContext, { row }: FeedScope, { id, state }: Notice): void {
  const { store } = ctx;
  const at = ctx.now();
  store.write(() => {
    const ended = store.run(
      `UPDATE outbox SET state = ?, reason = 'no device of the recipient fetched it in time', updated_at = ?
       WHERE mesh = ? AND id = ? AND state = 'accepted'`,
      state,
      at,
      row.mesh,
      id,
    );
    if (ended === 0) return;
    addNotice(store, {
      mesh: row.mesh,
      key: `ended:${id}:expired`,
      code: "expired",
      text: `the broker says, unverified, that your message ${id} expired before any device of its recipient fetched it`,
      at,
    });
    const by = "broker, unverified";
    tell(store, row.mesh, id, { at, what: "expired before any device fetched it", by });
  });
}

/** An event that this version cannot read: told to the reader, and passed. */
export const takeUnreadable = (
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  event: { readonly seq: number; readonly reason: string },
): number =>
  ctx.store.write(() =>
    addNotice(ctx.store, {
      mesh,
      key: `unreadable:${event.seq}`,
      code: "upgrade_required",
      text: `entry ${event.seq} cannot be read by this version: ${event.reason}`,
      at: ctx.now(),
    }),
  );
