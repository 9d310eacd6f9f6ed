import { type Envelope, type ErrorCode, MeshError, type MessageState } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { type OutboxRow, renewClaim } from "../store/outbox-rows.ts";
import { givenUp, lacksKey, resealed, sealedMessage } from "./seal-message.ts";
import { type HandedOver, settleFailure } from "./settle-failure.ts";
import { awaitKey, settleAccepted, settleEnded } from "./settle-message.ts";

/** How long a claim lasts; it is renewed before each call, and outlives it. */
export const claimMs = 60_000;
const callMs = 30_000;
const maxReseals = 5;
const maxRateWaitMs = 10_000;

/** How a message ends that cannot be sealed: it would hold up every later one otherwise. */
const unsealable: Partial<Record<ErrorCode, MessageState>> = {
  malformed: "refused",
  no_recipient: "undeliverable",
  too_large: "refused",
};

/**
 * Brings one claimed message to the broker, or records why not; waits for a broker that limits the rate until `deadline` at the longest. A message whose
 * claim has gone to another process is left to that one. Throws only storage errors and what makes the whole mesh unusable (`roster_fork`, `log_mismatch`).
 */
export async function handOver(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  message: OutboxRow,
  deadline: number,
): Promise<HandedOver> {
  let envelope: Envelope;
  try {
    envelope = sealedMessage(ctx, row, message);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    if (lacksKey(error)) {
      awaitKey(ctx, message);
      return "next";
    }
    const state = unsealable[error.code];
    if (state === undefined) throw error;
    settleEnded(ctx, message, { state, reason: error.message, by: "this device" });
    return "next";
  }
  for (let reseals = 0; ; ) {
    if (!renewClaim(ctx.store, message, ctx.now() + claimMs)) return "next";
    try {
      const how = { timeoutMs: callMs, ...ctx.messageTraces.of(message.id) };
      const accepted = await link.client.message.send({ envelope }, how);
      ctx.messageTraces.forget(message.id);
      settleAccepted(ctx, message, envelope, accepted);
      return "next";
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      const pause = error.retryAfterMs ?? 100;
      const mayWait = pause <= maxRateWaitMs && ctx.now() + pause < deadline;
      if (error.code === "roster_stale" && reseals < maxReseals) {
        reseals += 1;
        await syncRoster(ctx.rosters, row.mesh, link.client);
        const again = resealOrEnd(ctx, row, message);
        if (again === undefined) return "next";
        envelope = again;
      } else if (error.code === "rate_limited" && mayWait) {
        await new Promise<void>((resolve) => ctx.timer(pause, resolve));
      } else {
        const next = settleFailure(ctx, row, message, error);
        if (typeof next === "string") return next;
        return handOver(ctx, row, link, next.doomed, deadline);
      }
    }
  }
}

function resealOrEnd(
  ctx: DeviceContext,
  row: MembershipRow,
  message: OutboxRow,
): Envelope | undefined {
  try {
    if (message.ends_as === null) return resealed(ctx, row, message);
    return ctx.store.write(() => givenUp(ctx, row, message, message.n ?? 1));
  } catch (error) {
    if (error instanceof MeshError && lacksKey(error)) {
      awaitKey(ctx, message);
      return undefined;
    }
    if (!(error instanceof MeshError) || error.code !== "no_recipient") throw error;
    const { message: reason } = error;
    settleEnded(ctx, message, { state: "undeliverable", reason, by: "this device" });
    return undefined;
  }
}
