import { compareHead } from "@claudemesh/crypto";
import type { Receipt } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { addNotice } from "../store/notices.ts";
import type { FeedScope } from "./feed-scope.ts";
import { senderName } from "./refuse-message.ts";

/** Fetches the roster where a receipt claims to know more of it than this home. */
export async function syncToHead(
  ctx: DeviceContext,
  scope: FeedScope,
  { head }: Receipt,
): Promise<void> {
  if (compareHead(ctx.rosters.of(scope.row.mesh), head) === "ahead") await scope.syncRoster();
}

/**
 * Whether the roster that the signer of a verified receipt knows agrees with mine as far as both go. A fork is told with both heads, and so is a head that
 * the broker shows to others only. Part of the caller's transaction.
 */
export function agreesOnRoster(ctx: DeviceContext, scope: FeedScope, receipt: Receipt): boolean {
  const { mesh } = scope.row;
  const place = compareHead(ctx.rosters.of(mesh), receipt.head);
  if (place === "fork") tellFork(ctx, scope, receipt);
  if (place === "ahead") tellAhead(ctx, scope, receipt);
  return place !== "fork";
}

function tellFork(ctx: DeviceContext, scope: FeedScope, { head, member }: Receipt): void {
  const { mesh } = scope.row;
  const name = senderName(ctx, scope, member);
  const mine = ctx.rosters.of(mesh).hashAt(head.seq) ?? "";
  addNotice(ctx.store, {
    mesh,
    key: `receipt_fork:${member}:${head.seq}`,
    code: "roster_fork",
    text: `a receipt of ${name} was refused: the signer's roster differs from mine at entry ${head.seq} (theirs ${head.hash.slice(0, 16)}, mine ${mine.slice(0, 16)})`,
    at: ctx.now(),
  });
}

function tellAhead(ctx: DeviceContext, scope: FeedScope, { head, member }: Receipt): void {
  const { mesh } = scope.row;
  const name = senderName(ctx, scope, member);
  addNotice(ctx.store, {
    mesh,
    key: `receipt_ahead:${member}`,
    code: "awaiting_roster",
    text: `${name} knows roster entry ${head.seq}, which the broker does not give here`,
    at: ctx.now(),
  });
}
