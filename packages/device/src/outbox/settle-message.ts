import { envelopeDigest } from "@claudemesh/crypto";
import {
  audienceOf,
  type Envelope,
  everyone,
  groupOf,
  type MemberId,
  type MeshError,
  type MessageState,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { tellAnswered } from "../hand-over/answer.ts";
import { getMembership } from "../store/memberships.ts";
import type { OutboxRow } from "../store/outbox-rows.ts";
import { outboxRow } from "../store/outbox-rows.ts";
import { type StoryBy, tell } from "../store/story.ts";
import { isFollowUp } from "../topics/follow-ups.ts";
import { settlePost } from "../topics/settle-post.ts";
import { awaitingKey } from "./seal-target.ts";

const firstBackoffMs = 1_000;
const maxBackoffMs = 15 * 60_000;

/** The broker has this envelope of the message durably; that is so whoever holds the claim by now. */
export function settleAccepted(
  ctx: DeviceContext,
  message: OutboxRow,
  sent: Envelope,
  { seq, acceptedAt: at }: { readonly seq: number; readonly acceptedAt: number },
): void {
  const { store } = ctx;
  const isVoid = sent.header.kind === "void";
  store.write(() => {
    const row = outboxRow(store, message.id);
    const state = isVoid ? (row?.ends_as ?? "refused") : "accepted";
    // Receipts speak of what the broker has, also where it was sealed again meanwhile.
    const digest = isVoid ? null : envelopeDigest(sent);
    store.run(
      "UPDATE outbox SET seq = ?, digest = coalesce(?, digest) WHERE id = ?",
      seq,
      digest,
      message.id,
    );
    settle(ctx, message, state, isVoid ? (row?.reason ?? null) : null);
    const what = isVoid
      ? `replaced by its void as entry ${seq}`
      : `accepted by the broker as entry ${seq}`;
    tell(store, message.mesh, message.id, { at, what, by: "broker, unverified" });
    if (!isVoid && row !== undefined) {
      tellAnswered(ctx, row);
      settleOwn(ctx, row);
    }
  });
  ctx.wake.now();
}

/** What its author said of a post while that waited to be sent holds of what is stored as soon as both are there. */
function settleOwn(ctx: DeviceContext, { audience, id, mesh, recipient, ...row }: OutboxRow): void {
  const place = audience ?? audienceOf(recipient as MemberId);
  const author = getMembership(ctx.store, mesh)?.member;
  if (author === undefined || place === everyone || groupOf(place) !== undefined) return;
  const of = isFollowUp(place, row.subtype) ? (row.reply_to ?? id) : id;
  settlePost(ctx.store, { mesh, place, id: of, author, isOwn: true }, ctx.now());
}

/** How a message ends, why, and by whose word. */
export interface End {
  readonly state: MessageState;
  readonly reason: string;
  readonly by: StoryBy;
}

/** It will not get there, and why; nothing where the claim has gone to another. */
export function settleEnded(ctx: DeviceContext, message: OutboxRow, end: End): void {
  const { state, reason, by } = end;
  ctx.store.write(() => {
    if (!isMine(ctx, message)) return;
    settle(ctx, message, state, reason);
    tell(ctx.store, message.mesh, message.id, { at: ctx.now(), what: `${state}: ${reason}`, by });
  });
}

/** Marks it as given up for what the broker said; its void goes out in its place, and it ends as `refused`. False where the claim has gone to another. */
export function beginGivingUp(ctx: DeviceContext, message: OutboxRow, reason: string): boolean {
  if (!isMine(ctx, message)) return false;
  const at = ctx.now();
  ctx.store.run(
    `UPDATE outbox SET ends_as = 'refused', reason = ?, attempts = 0, updated_at = ? WHERE id = ?`,
    reason,
    at,
    message.id,
  );
  const what = `given up: ${reason}`;
  tell(ctx.store, message.mesh, message.id, { at, what, by: "broker, unverified" });
  return true;
}

/** Whether the claim under which a message was taken still stands. */
function isMine({ store }: DeviceContext, { id, claim }: OutboxRow): boolean {
  const now = outboxRow(store, id);
  return now?.state === "queued" && now.claim === claim;
}

/**
 * It stays queued; the next try comes after a growing pause. `immediate` leaves the pause out, where the cause is not the message. Nothing where the claim
 * has gone to another.
 */
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
         claim = NULL, claim_until = 0 WHERE id = ? AND state = 'queued' AND claim = ?`,
      immediate ? 0 : 1,
      notBefore,
      message.ends_as === null ? error.message : message.reason,
      ctx.now(),
      message.id,
      message.claim,
    );
    // Told once: a broker that is away for days would fill the story with the same words.
    if (changed === 0 || message.reason === error.message) return;
    tell(store, message.mesh, message.id, {
      at: ctx.now(),
      what: `stays queued: ${error.message}`,
    });
  });
}

/** How long a message waits for its key, unless the key comes before. */
const keyPauseMs = 5 * 60_000;

/** It stays queued until the newest key of its audience is here; `keyArrived` has it sent then. Nothing where the claim has gone to another. */
export function awaitKey(ctx: DeviceContext, message: OutboxRow): void {
  const { store } = ctx;
  store.write(() => {
    const at = ctx.now();
    const changed = store.run(
      `UPDATE outbox SET not_before = ?, reason = ?, updated_at = ?, claim = NULL, claim_until = 0
       WHERE id = ? AND state = 'queued' AND claim = ?`,
      at + keyPauseMs,
      awaitingKey,
      at,
      message.id,
      message.claim,
    );
    if (changed === 0 || message.reason === awaitingKey) return;
    const what = "stays queued: this device has not been given the newest key yet";
    tell(store, message.mesh, message.id, { at, what });
  });
}

/** A receipt may have come before the broker's reply: what it says stands. */
function settle(
  ctx: DeviceContext,
  message: OutboxRow,
  state: MessageState,
  reason: string | null,
): void {
  ctx.store.run(
    `UPDATE outbox SET state = ?, reason = ?, updated_at = ?, claim = NULL, claim_until = 0
     WHERE id = ? AND state = 'queued'`,
    state,
    reason,
    ctx.now(),
    message.id,
  );
}
