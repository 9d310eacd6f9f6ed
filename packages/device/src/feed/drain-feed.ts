import type { DeviceContext } from "../context.ts";
import { drainOutbox } from "../outbox/drain-outbox.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";
import { type RunningFeed, startFeed } from "./run-feed.ts";

const lookMs = 25;
const busyWaitMs = 3_000;
const outboxBudgetMs = 2_000;

/**
 * Makes the local copy of a mesh's feed current. Where another process of this home keeps it current that is enough; else the lease is waited for.
 * Answers the feed, still running, when this process holds it. Throws what connecting throws.
 */
export async function drainFeed(
  ctx: DeviceContext,
  row: MembershipRow,
): Promise<RunningFeed | undefined> {
  const deadline = ctx.now() + busyWaitMs;
  for (;;) {
    const feed = await startFeed(ctx, row);
    if (feed !== undefined) {
      try {
        await feed.caughtUp;
        await drainOutbox(ctx, row, feed.link, { budgetMs: outboxBudgetMs });
        return feed;
      } catch (error) {
        await feed.stop();
        throw error;
      }
    }
    if (getMembership(ctx.store, row.mesh)?.feed_live === 1 || ctx.now() >= deadline)
      return undefined;
    await ctx.wake.wait(ctx.timer, lookMs);
  }
}
