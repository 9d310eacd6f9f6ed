import { verifyReceipt } from "@claudemesh/crypto";
import { MeshError, type Receipt, type ReceiptState } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isOfGuard, reasonInWords } from "../guards/reasons.ts";
import { namedMembers } from "../names/member-names.ts";
import { memberFor } from "../outbox/seal-target.ts";
import { addNotice, dropNotice } from "../store/notices.ts";
import { type OutboxRow, outboxRow } from "../store/outbox-rows.ts";
import { hasSiblings } from "../store/own-device-rows.ts";
import { tell } from "../store/story.ts";
import type { FeedScope } from "./feed-scope.ts";
import { agreesOnRoster, syncToHead } from "./receipt-head.ts";
import { progressBy, receiptProgress } from "./receipt-progress.ts";
import { advanceReader, isReader } from "./take-shared-receipt.ts";

const inWords: Readonly<Record<ReceiptState, string>> = {
  stored: "stored by a device of the recipient",
  offered: "handed over to the recipient",
  in_context: "seen in the recipient's own transcript",
  answered: "answered by the recipient",
  held: "held by the recipient's device",
  refused: "refused by the recipient's device",
  undeliverable: "undeliverable at the recipient's device",
};

/** Believes a receipt only where its signer is the message's recipient and it speaks of the very envelope that was sent; anything else becomes a notice. */
export async function takeReceipt(
  ctx: DeviceContext,
  scope: FeedScope,
  receipt: Receipt,
): Promise<void> {
  const { mesh } = scope.row;
  if (!ctx.rosters.of(mesh).members.has(receipt.member)) await scope.syncRoster();
  if (isOutdated(ctx, scope, receipt)) return;
  const wrong = doubt(ctx, scope, receipt);
  if (wrong === undefined) await syncToHead(ctx, scope, receipt);
  ctx.store.write(() => {
    if (wrong !== undefined) return distrust(ctx, scope, receipt, wrong);
    if (!agreesOnRoster(ctx, scope, receipt)) return;
    for (const item of receipt.items) {
      const row = outboxRow(ctx.store, item.id);
      if (row?.mesh !== mesh && hasSiblings(ctx.store, mesh, scope.row.device)) {
        // Another device of this member has sent it; the receipt is addressed to the member.
      } else if (row?.mesh !== mesh) {
        distrust(ctx, scope, receipt, "it speaks of a message that is not from here");
      } else if (row.audience !== null && !isReader(ctx, receipt, row.audience)) {
        // One who has left the group since may say so late; what it says counts for nothing and alarms nobody.
      } else if (row.audience === null && row.recipient !== receipt.member) {
        distrust(ctx, scope, receipt, "its signer is not the message's recipient");
      } else if (row.to_session !== null && row.to_session !== receipt.session) {
        distrust(ctx, scope, receipt, "it does not speak for the session that the message is for");
      } else if (row.digest !== item.digest && row.digest_before !== item.digest) {
        distrust(ctx, scope, receipt, "it speaks of another message than the one that was sent");
      } else advance(ctx, row, receipt);
    }
  });
  ctx.wake.now();
}

/** Good once, and signed with keys that its signer has no more: it says again under the new ones what it has. */
function isOutdated(ctx: DeviceContext, { row }: FeedScope, receipt: Receipt): boolean {
  const roster = ctx.rosters.of(row.mesh);
  const then = roster.signKeyAt(receipt.member, receipt.head.seq);
  if (then === undefined || then === roster.members.get(receipt.member)?.keys.sign) return false;
  try {
    verifyReceipt(receipt, then);
    return true;
  } catch (error) {
    if (error instanceof MeshError) return false;
    throw error;
  }
}

function doubt(ctx: DeviceContext, { row }: FeedScope, receipt: Receipt): string | undefined {
  if (receipt.mesh !== row.mesh) return "it belongs to another mesh";
  if (receipt.to !== row.member) return "it is for someone else";
  const signer = ctx.rosters.of(row.mesh).members.get(receipt.member);
  if (signer === undefined) return "its signer is not a member";
  try {
    verifyReceipt(receipt, signer.keys.sign);
    return undefined;
  } catch (error) {
    if (error instanceof MeshError) return error.message;
    throw error;
  }
}

function distrust(ctx: DeviceContext, { row }: FeedScope, receipt: Receipt, why: string): void {
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh)).get(receipt.member);
  addNotice(ctx.store, {
    mesh: row.mesh,
    key: `receipt:${receipt.id}`,
    code: "receipt_refused",
    text: `a receipt under the name of ${named?.name ?? "an unknown member"} was refused: ${why}`,
    at: ctx.now(),
  });
}

function advance(ctx: DeviceContext, row: OutboxRow, receipt: Receipt): void {
  const { store } = ctx;
  const added = store.run(
    "INSERT OR IGNORE INTO receipt_in (id, mesh, message, member, state, at) VALUES (?, ?, ?, ?, ?, ?)",
    receipt.id,
    receipt.mesh,
    row.id,
    receipt.member,
    receipt.state,
    receipt.at,
  );
  if (added === 0) return;
  const why = receipt.reason === undefined ? undefined : reasonInWords(receipt.reason);
  const detail = [receipt.way && `by way of ${receipt.way}`, why].filter(Boolean).join(", ");
  const what = detail === "" ? inWords[receipt.state] : `${inWords[receipt.state]} (${detail})`;
  if (row.audience !== null) {
    advanceReader(ctx, row, receipt);
    return;
  }
  tell(store, row.mesh, row.id, { at: receipt.at, what, by: "recipient, signed" });
  const isNewReason =
    receipt.state === "held" && row.state === "held" && receipt.at >= row.updated_at;
  if (progressBy(receipt.state, row) <= progressOf(ctx, row, receipt) && !isNewReason) return;
  dropNotice(store, row.mesh, `ended:${row.id}:${row.state}`);
  tellSender(ctx, row, receipt);
  store.run(
    "UPDATE outbox SET state = ?, reason = ?, way = ?, updated_at = ?, claim = NULL WHERE id = ?",
    receipt.state,
    receipt.reason ?? null,
    receipt.way ?? null,
    receipt.at,
    row.id,
  );
}

/** A sender is not left to ask: what ends without success, or waits for a person, is told where the next reader sees it. */
function tellSender(ctx: DeviceContext, row: OutboxRow, { state, reason }: Receipt): void {
  const isEnd = state === "refused" || state === "undeliverable";
  if (!isEnd && !(state === "held" && isOfGuard(reason))) return;
  const { mesh, id } = row;
  const recipient = memberFor(row);
  const to = namedMembers(ctx.store, mesh, ctx.rosters.of(mesh)).get(recipient)?.name ?? recipient;
  const because = reason === undefined ? "" : `: ${reasonInWords(reason)}`;
  addNotice(ctx.store, {
    mesh,
    key: `ended:${id}:${state}`,
    code: reason !== undefined && isOfGuard(reason) ? reason : state,
    text: `your message ${id} to ${to} was ${state === "undeliverable" ? "not delivered" : state}${because}`,
    at: ctx.now(),
  });
}

/** How far a message is by its recipient's word. That the broker refused it counts for nothing once the recipient says, signed, that it has it. */
function progressOf({ store }: DeviceContext, row: OutboxRow, receipt: Receipt): number {
  if (row.state !== "refused" && row.state !== "undeliverable") return receiptProgress[row.state];
  const signed = store.get(
    "SELECT 1 FROM receipt_in WHERE message = ? AND state = ? AND id <> ?",
    row.id,
    row.state,
    receipt.id,
  );
  return signed === undefined ? receiptProgress.accepted : progressBy(row.state, row);
}
