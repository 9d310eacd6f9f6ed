import {
  type KeyBundleRow,
  type LogEvent,
  MeshError,
  type Notice,
  type RosterEntry,
} from "@claudemesh/protocol";
import { takeCall } from "../calls/take-call.ts";
import type { DeviceContext } from "../context.ts";
import { followRosterEntry } from "../keys/follow-roster.ts";
import { keyArrived } from "../keys/key-arrived.ts";
import { takeKeyRows } from "../keys/take-key-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { placeRosterEntry } from "../store/roster-entries.ts";
import { tell } from "../store/story.ts";
import { forgetFloors } from "../store/topic-rows.ts";
import type { FeedScope } from "./feed-scope.ts";
import { takeFile } from "./take-file.ts";
import { takeGrants } from "./take-grants.ts";
import { takeMention } from "./take-mention.ts";
import { retryAwaiting, takeMessage } from "./take-message.ts";
import { takePlain } from "./take-plain.ts";
import { takeProfile } from "./take-profile.ts";
import { takeReceipt } from "./take-receipt.ts";
import { takeRecord } from "./take-record.ts";
import { takeTopic } from "./take-topic.ts";

/** Takes in one event of the log; when it settles, its effect is on stable storage and may be acknowledged. */
export async function takeEvent(
  ctx: DeviceContext,
  scope: FeedScope,
  event: LogEvent,
): Promise<void> {
  switch (event.kind) {
    case "call":
      return takeCall(ctx, scope, event.body);
    case "key":
      return takeKey(ctx, scope, event.body);
    case "file":
      return takeFile(ctx, scope, event.body);
    case "grants":
      return takeGrants(ctx, scope.row, event.body);
    case "mention":
      return takeMention(ctx, scope, event.body);
    case "message":
      return takeMessage(ctx, scope, event);
    case "notice":
      return takeBrokerNotice(ctx, scope, event.body);
    case "plain":
      return takePlain(ctx, scope, event);
    case "profile":
      return takeProfile(ctx, scope, event.body);
    case "receipt":
      return takeReceipt(ctx, scope, event.body);
    case "record":
      return takeRecord(ctx, scope, event);
    case "roster":
      return takeRosterEntry(ctx, scope, event.body, event.seq);
    case "topic":
      return takeTopic(ctx, scope, event.body, event.seq);
  }
}

/** A key that someone sealed to this member after the entry that began it. */
async function takeKey(
  ctx: DeviceContext,
  { row }: FeedScope,
  keyRow: KeyBundleRow,
): Promise<void> {
  if (takeKeyRows(ctx, row, [keyRow]) > 0) await keyArrived(ctx, row.mesh);
}

async function takeRosterEntry(
  ctx: DeviceContext,
  scope: FeedScope,
  entry: RosterEntry,
  logSeq: number,
): Promise<void> {
  const { mesh } = scope.row;
  let isNews = true;
  try {
    isNews = ctx.rosters.take(mesh, [entry]) > 0;
  } catch (error) {
    const isGap = error instanceof MeshError && error.code === "roster_conflict";
    if (!isGap) throw error;
    await scope.syncRoster();
  }
  await followRosterEntry(ctx, scope, entry, isNews);
  ctx.store.write(() => {
    placeRosterEntry(ctx.store, mesh, { seq: entry.seq, logSeq });
    if (entry.type === "restore" && entry.body.member === scope.row.member) {
      forgetFloors(ctx.store, mesh);
    }
  });
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
