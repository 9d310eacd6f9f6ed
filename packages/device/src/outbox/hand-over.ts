import { type Envelope, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import type { MembershipRow } from "../store/memberships.ts";
import type { OutboxRow } from "../store/outbox-rows.ts";
import { givenUp, resealed, sealedMessage } from "./seal-message.ts";
import { beginGivingUp, deferMessage, settleAccepted, settleEnded } from "./settle-message.ts";

const maxReseals = 5;
const maxAttempts = 20;
const maxRateWaitMs = 10_000;

/** Whether the connection is good for the next message. */
export type HandedOver = "next" | "lost";

/** Brings one claimed message to the broker, or records why not. Throws only storage errors and what makes the whole mesh unusable (`roster_fork`, `log_mismatch`). */
export async function handOver(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  message: OutboxRow,
): Promise<HandedOver> {
  let envelope: Envelope;
  try {
    envelope = sealedMessage(ctx, row, message);
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "no_recipient") throw error;
    settleEnded(ctx, message, "undeliverable", error.message);
    return "next";
  }
  for (let reseals = 0; ; ) {
    try {
      const { seq, acceptedAt } = await link.client.message.send({ envelope });
      settleAccepted(ctx, message, seq, acceptedAt);
      return "next";
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      if (error.code === "roster_stale" && reseals < maxReseals) {
        reseals += 1;
        await syncRoster(ctx.rosters, row.mesh, link.client);
        const again = resealOrEnd(ctx, row, message);
        if (again === undefined) return "next";
        envelope = again;
      } else if (error.code === "rate_limited" && (error.retryAfterMs ?? 0) <= maxRateWaitMs) {
        await new Promise<void>((resolve) => ctx.timer(error.retryAfterMs ?? 100, resolve));
      } else {
        return settleFailure(ctx, row, link, message, error);
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
    if (!(error instanceof MeshError) || error.code !== "no_recipient") throw error;
    settleEnded(ctx, message, "undeliverable", error.message);
    return undefined;
  }
}

async function settleFailure(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  message: OutboxRow,
  error: MeshError,
): Promise<HandedOver> {
  if (isUnreachable(error) && error.code !== "internal") {
    deferMessage(ctx, message, error, true);
    return "lost";
  }
  const mayRetry = error.row.retry === "later" && message.attempts + 1 < maxAttempts;
  if (mayRetry) {
    deferMessage(ctx, message, error, false);
    return "next";
  }
  if (message.ends_as !== null) {
    settleVoidFailure(ctx, message, error);
    return "next";
  }
  if (error.code === "conflict" || error.code === "no_recipient") {
    const state = error.code === "conflict" ? "refused" : "undeliverable";
    settleEnded(ctx, message, state, error.message);
    return "next";
  }
  return giveUp(ctx, row, link, message, error.message);
}

/** The void of a message: a `conflict` means that the message itself had been accepted. */
function settleVoidFailure(ctx: DeviceContext, message: OutboxRow, error: MeshError): void {
  if (error.code === "conflict")
    settleEnded(ctx, message, "accepted", "accepted before it was given up");
  else settleEnded(ctx, message, message.ends_as ?? "refused", message.reason ?? error.message);
}

async function giveUp(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  message: OutboxRow,
  reason: string,
): Promise<HandedOver> {
  const doomed = ctx.store.write(() => {
    beginGivingUp(ctx, message, reason);
    const n = ctx.store.get<{ n: number }>("SELECT n FROM outbox WHERE id = ?", message.id)?.n ?? 1;
    givenUp(ctx, row, message, n);
    return { ...message, n, ends_as: "refused" as const, reason, attempts: 0 };
  });
  return handOver(ctx, row, link, doomed);
}
