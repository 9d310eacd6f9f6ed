import {
  type Audience,
  everyone,
  groupOf,
  type MessageState,
  type Receipt,
  topicOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { groupsOf } from "../names/groups.ts";
import { type OutboxRow, outboxRow } from "../store/outbox-rows.ts";
import { profileOf } from "../store/profiles.ts";
import { putReader, readerRow } from "../store/reader-rows.ts";
import { receiptProgress } from "./receipt-progress.ts";

/** Ends of one reader's that say nothing of the others. */
const ends: ReadonlySet<MessageState> = new Set(["held", "refused", "undeliverable"]);

/** Whether a receipt's signer is in the audience of a message to many, as far as this home knows: groups are what profiles say, private topics what the chain says. */
export function isReader(
  ctx: DeviceContext,
  { mesh, member }: Receipt,
  audience: Audience,
): boolean {
  const group = groupOf(audience);
  if (group !== undefined) return groupsOf(profileOf(ctx.store, mesh, member)).has(group);
  const topic = topicOf(audience);
  const isPrivate = topic === undefined ? undefined : ctx.rosters.of(mesh).topics.get(topic);
  return audience === everyone || isPrivate === undefined || isPrivate.members.has(member);
}

/**
 * Takes in how far a message to many is with one reader, and with it the message: as far as the furthest of them. What one of them turned away the others may have.
 * Part of the caller's transaction.
 */
export function advanceReader(ctx: DeviceContext, row: OutboxRow, receipt: Receipt): void {
  const { store } = ctx;
  const { member, state, at } = receipt;
  const known = readerRow(store, row.id, member);
  const isNews =
    known === undefined ||
    receiptProgress[state] > receiptProgress[known.state] ||
    (state === "held" && known.state === "held" && at >= known.at);
  if (!isNews) return;
  const [way, reason] = [receipt.way ?? null, receipt.reason ?? null];
  putReader(store, { message: row.id, member, state, way, reason, at });
  const now = outboxRow(store, row.id)?.state ?? row.state;
  if (ends.has(state) || receiptProgress[state] <= receiptProgress[now]) return;
  store.run(
    "UPDATE outbox SET state = ?, reason = NULL, updated_at = ?, claim = NULL WHERE id = ?",
    state,
    at,
    row.id,
  );
}
