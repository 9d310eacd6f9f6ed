import { MeshError, type MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { claimNext, firstQueued, outboxRow } from "../store/outbox-rows.ts";
import { handOver } from "./hand-over.ts";
import { deferMessage } from "./settle-message.ts";

const claimMs = 30_000;
const lookMs = 5;

export interface DrainGoal {
  /** stop when this message is settled; without it when nothing can be handed over now */
  readonly until?: MessageId;
  readonly budgetMs: number;
}

/**
 * Hands over queued messages, each recipient's in order. Several processes share the work: a message that another one has claimed is waited for.
 * A message that cannot go now holds up only those after it to the same recipient.
 */
export async function drainOutbox(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  goal: DrainGoal,
): Promise<void> {
  const deadline = ctx.now() + goal.budgetMs;
  while (ctx.now() < deadline) {
    if (goal.until !== undefined && isSettled(ctx, goal.until)) return;
    const claim = { mesh: row.mesh, token: ctx.token, now: ctx.now(), untilMs: claimMs };
    const message = claimNext(ctx.store, claim, ctx.isClaimLive);
    if (message !== undefined) {
      try {
        if ((await handOver(ctx, row, link, message)) === "lost") return;
      } catch (error) {
        if (error instanceof MeshError) deferMessage(ctx, message, error, true);
        throw error;
      }
    } else if (goal.until === undefined || !isElsewhere(ctx, row, goal.until)) {
      return;
    } else {
      await ctx.wake.wait(ctx.timer, lookMs);
    }
  }
}

const isSettled = (ctx: DeviceContext, id: MessageId): boolean =>
  outboxRow(ctx.store, id)?.state !== "queued";

/** Whether the message waits only because another process is handing over what goes before it, or itself. */
function isElsewhere(ctx: DeviceContext, row: MembershipRow, id: MessageId): boolean {
  const message = outboxRow(ctx.store, id);
  if (message === undefined) return false;
  const head = firstQueued(ctx.store, row.mesh, message.recipient);
  return head !== undefined && head.claim !== null;
}
