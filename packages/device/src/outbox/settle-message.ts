import type { MeshError, MessageState } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { OutboxRow } from "../store/outbox-rows.ts";
import { outboxRow } from "../store/outbox-rows.ts";
import { tell } from "../store/story.ts";

const firstBackoffMs = 1_000;
const maxBackoffMs = 15 * 60_000;

/** The broker has it durably. */
export function settleAccepted(
  ctx: DeviceContext,
  message: OutboxRow,
  seq: number,
  at: number,
): void {
  ctx.store.write(() => {
    const row = outboxRow(ctx.store, message.id);
    const state = row?.ends_as ?? "accepted";
    update(ctx, message, state, row?.ends_as ? row.reason : null, seq);
    const what =
      row?.ends_as === null || row?.ends_as === undefined
        ? `accepted by the broker as entry ${seq}`
        : `replaced by its void as entry ${seq}`;
    tell(ctx.store, message.mesh, message.id, { at, what, by: "broker, unverified" });
  });
}

/** It will not get there, and why. */
export function settleEnded(
  ctx: DeviceContext,
  message: OutboxRow,
  state: MessageState,
  reason: string,
): void {
  ctx.store.write(() => {
    update(ctx, message, state, reason, null);
    tell(ctx.store, message.mesh, message.id, { at: ctx.now(), what: `${state}: ${reason}` });
  });
}

/** Marks it as given up; its void goes out in its place, and it ends as `refused`. */
export function beginGivingUp(ctx: DeviceContext, message: OutboxRow, reason: string): void {
  ctx.store.run(
    "UPDATE outbox SET ends_as = 'refused', reason = ?, updated_at = ? WHERE id = ?",
    reason,
    ctx.now(),
    message.id,
  );
  tell(ctx.store, message.mesh, message.id, { at: ctx.now(), what: `given up: ${reason}` });
}

/** It stays queued; the next try comes after a growing pause. `immediate` leaves the pause out, where the cause is not the message. */
export function deferMessage(
  ctx: DeviceContext,
  message: OutboxRow,
  error: MeshError,
  immediate: boolean,
): void {
  const { store } = ctx;
  const pause = Math.min(firstBackoffMs * 2 ** Math.min(message.attempts, 20), maxBackoffMs);
  const notBefore = immediate ? 0 : ctx.now() + Math.max(pause, error.retryAfterMs ?? 0);
  store.write(() => {
    const changed = store.run(
      `UPDATE outbox SET attempts = attempts + ?, not_before = ?, reason = ?, updated_at = ?,
         claim = NULL, claim_until = 0 WHERE id = ? AND state = 'queued'`,
      immediate ? 0 : 1,
      notBefore,
      message.ends_as === null ? error.message : message.reason,
      ctx.now(),
      message.id,
    );
    if (changed === 0) return;
    tell(store, message.mesh, message.id, {
      at: ctx.now(),
      what: `stays queued: ${error.message}`,
    });
  });
}

/** A receipt may have come before the broker's reply: what it says stands. */
function update(
  ctx: DeviceContext,
  message: OutboxRow,
  state: MessageState,
  reason: string | null,
  seq: number | null,
): void {
  ctx.store.run(
    `UPDATE outbox SET seq = coalesce(?, seq), claim = NULL, claim_until = 0,
       state = CASE WHEN state = 'queued' THEN ? ELSE state END,
       reason = CASE WHEN state = 'queued' THEN ? ELSE reason END,
       updated_at = CASE WHEN state = 'queued' THEN ? ELSE updated_at END WHERE id = ?`,
    seq,
    state,
    reason,
    ctx.now(),
    message.id,
  );
}
