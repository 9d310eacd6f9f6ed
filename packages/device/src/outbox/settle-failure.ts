import type { ErrorCode, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { type OutboxRow, outboxRow } from "../store/outbox-rows.ts";
import { givenUp } from "./seal-message.ts";
import { beginGivingUp, deferMessage, type End, settleEnded } from "./settle-message.ts";

/** Whether the connection is good for the next message. */
export type HandedOver = "next" | "lost";

/** What a broker says against the message itself; it would say it of the same message again. Everything else passes, or is mended, and the message waits. */
const againstMessage: ReadonlySet<ErrorCode> = new Set(["forbidden", "malformed", "too_large"]);

/** What holds for every message of the mesh, over this connection at least. */
const againstAll: ReadonlySet<ErrorCode> = new Set([
  "disk_full",
  "log_mismatch",
  "not_member",
  "roster_fork",
  "unauthorized",
  "upgrade_required",
  "wrong_host",
]);

/** Records a failed hand-over: the message waits, or has ended, or is given up; then its row is answered as `doomed`, and its void goes out in its place. */
export function settleFailure(
  ctx: DeviceContext,
  row: MembershipRow,
  message: OutboxRow,
  error: MeshError,
): HandedOver | { readonly doomed: OutboxRow } {
  const { code, message: reason } = error;
  const ended = endOf(message, error);
  if (ended !== undefined) {
    settleEnded(ctx, message, { ...ended, by: "broker, unverified" });
    return "next";
  }
  if (againstMessage.has(code) && message.ends_as === null)
    return giveUp(ctx, row, message, reason);
  const isLost = (isUnreachable(error) && code !== "internal") || againstAll.has(code);
  deferMessage(ctx, message, error, isLost);
  return isLost || code === "rate_limited" ? "lost" : "next";
}

/** How a message ends with this answer, whose void would get no other; undefined when it does not. */
function endOf(
  { ends_as: endsAs, reason }: OutboxRow,
  error: MeshError,
): Pick<End, "state" | "reason"> | undefined {
  if (error.code === "conflict") {
    return endsAs === null
      ? { state: "refused", reason: error.message }
      : { state: "accepted", reason: "accepted before it was given up" };
  }
  if (error.code !== "no_recipient") return undefined;
  return endsAs === null
    ? { state: "undeliverable", reason: error.message }
    : { state: endsAs, reason: reason ?? error.message };
}

function giveUp(
  ctx: DeviceContext,
  row: MembershipRow,
  message: OutboxRow,
  reason: string,
): HandedOver | { readonly doomed: OutboxRow } {
  return ctx.store.write(() => {
    const n = outboxRow(ctx.store, message.id)?.n;
    if (n === null || n === undefined || !beginGivingUp(ctx, message, reason)) return "next";
    givenUp(ctx, row, message, n);
    return { doomed: { ...message, n, ends_as: "refused", reason, attempts: 0 } };
  });
}
