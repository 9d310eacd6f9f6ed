import type { DeviceContext } from "../context.ts";
import { takeOsLock } from "../home/os-lock.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { type MembershipRow, setFeedLive } from "../store/memberships.ts";
import { FeedLoop } from "./feed-loop.ts";

/** Other processes of this home queue receipts that only the holder of the feed can send. */
const lookMs = 250;
/** A feed that is kept is nudged instead; this is for what was missed. */
const keptLookMs = 60_000;

/** A mesh's feed being consumed by this process. */
export interface RunningFeed {
  readonly link: MeshLink;
  /** settles when everything up to now is stored and acknowledged, with its place in the log; rejects when the feed ends before */
  readonly caughtUp: Promise<number>;
  /** whether others use it too: then `stop` does nothing, and it need not be kept for later */
  readonly isShared: boolean;
  /** settles at `stop`, rejects with what ended the feed otherwise */
  readonly ended: Promise<void>;
  /** Settles when everything that the broker had sent by now, and each receipt due, is dealt with; rejects when the feed ends before. */
  current(): Promise<void>;
  /** Has receipts that are due sent soon. */
  nudge(): void;
  /** acknowledges what is stored, closes the connection and gives the lease back */
  stop(): Promise<void>;
}

/** Begins to consume a mesh's feed; undefined while another process of this home does. Throws what connecting throws. */
export async function startFeed(
  ctx: DeviceContext,
  row: MembershipRow,
): Promise<RunningFeed | undefined> {
  const lingering = ctx.lingering.get(row.mesh);
  if (lingering !== undefined) {
    ctx.lingering.delete(row.mesh);
    return lingering;
  }
  return (await ctx.online.borrow(row.mesh, ctx.closing.signal)) ?? openFeed(ctx, row);
}

/** Opens a mesh's feed for one user, who stops it; undefined while anyone of this home has it. One that `isKept` has to be nudged when receipts are due. */
export async function openFeed(
  ctx: DeviceContext,
  row: MembershipRow,
  { isKept = false }: { readonly isKept?: boolean } = {},
): Promise<RunningFeed | undefined> {
  const lease = takeOsLock(ctx.home.paths.feedLock(row.mesh), 0);
  if (lease === undefined) return undefined;
  try {
    // A holder that crashed may have left the mark.
    ctx.store.write(() => setFeedLive(ctx.store, row.mesh, false));
    const link = await ctx.links.open(row, "feed");
    const loop = new FeedLoop(ctx, row, link, isKept ? keptLookMs : lookMs);
    const detach = ctx.sessions.linkOpened(row, link);
    const ended = loop.run().finally(async () => {
      detach();
      try {
        ctx.store.write(() => setFeedLive(ctx.store, row.mesh, false));
        await link.client.close();
      } finally {
        lease.release();
      }
    });
    ended.catch(() => {});
    return {
      link,
      caughtUp: loop.caughtUp,
      isShared: false,
      current: () => loop.current(),
      nudge: () => loop.nudge(),
      ended,
      stop: async () => {
        loop.stop();
        await ended.catch(() => {});
      },
    };
  } catch (error) {
    lease.release();
    throw error;
  }
}

/** Keeps a running feed for the next call of this instance that needs it; `close` ends it. */
export function linger(ctx: DeviceContext, row: MembershipRow, feed: RunningFeed): void {
  if (feed.isShared) return;
  ctx.lingering.set(row.mesh, feed);
  const drop = () => {
    if (ctx.lingering.get(row.mesh) === feed) ctx.lingering.delete(row.mesh);
  };
  feed.ended.then(drop, drop);
}
