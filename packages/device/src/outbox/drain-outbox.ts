import { toHex } from "@claudemesh/crypto";
import { MeshError, type MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { giveBack } from "../restored/give-back.ts";
import type { MembershipRow } from "../store/memberships.ts";
import {
  claimNext,
  firstQueued,
  type OutboxRow,
  outboxRow,
  releaseClaims,
} from "../store/outbox-rows.ts";
import { claimMs, handOver } from "./hand-over.ts";
import type { HandedOver } from "./settle-failure.ts";
import { deferMessage } from "./settle-message.ts";

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
  const token = `${ctx.token}/${toHex(ctx.random(4))}`;
  const isLive = (held: string) => !ctx.endedClaims.has(held) && ctx.isClaimLive(held);
  try {
    await giveBack(ctx, row, link, ctx.now() + goal.budgetMs / 2);
    while (ctx.now() < deadline) {
      if (goal.until !== undefined && isSettled(ctx, goal.until)) return;
      const claim = { mesh: row.mesh, token, now: ctx.now(), untilMs: claimMs };
      const message = claimNext(ctx.store, claim, isLive);
      if (message !== undefined) {
        if ((await handOne(ctx, row, link, message, deadline)) === "lost") return;
      } else if (goal.until === undefined || !isElsewhere(ctx, row, goal.until)) {
        return;
      } else {
        await ctx.wake.wait(ctx.timer, lookMs);
      }
    }
  } finally {
    release(ctx, token);
  }
}

/** Gives back what a drain had claimed. Where the disk is full the claim stays written, and this process knows that it has ended. */
function release({ store, endedClaims }: DeviceContext, token: string): void {
  try {
    store.write(() => releaseClaims(store, token));
  } catch (error) {
    if (!(error instanceof MeshError && error.code === "disk_full")) throw error;
    endedClaims.add(token);
  }
}

async function handOne(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  message: OutboxRow,
  deadline: number,
): Promise<HandedOver> {
  try {
    return await handOver(ctx, row, link, message, deadline);
  } catch (error) {
    if (error instanceof MeshError) deferMessage(ctx, message, error, true);
    throw error;
  }
}

const isSettled = (ctx: DeviceContext, id: MessageId): boolean =>
  outboxRow(ctx.store, id)?.state !== "queued";

/** Whether the message waits only because another process is handing over what goes before it, or itself. */
function isElsewhere(ctx: DeviceContext, row: MembershipRow, id: MessageId): boolean {
  const message = outboxRow(ctx.store, id);
  if (message === undefined) return false;
  const head = firstQueued(ctx.store, row.mesh, message.recipient);
  return message.claim !== null || (head !== undefined && head.claim !== null);
}
