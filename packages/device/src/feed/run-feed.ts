import { MeshError } from "@claudemesh/protocol";
import type { Client, ClientEvent } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import { takeOsLock } from "../home/os-lock.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { type MembershipRow, setFeedLive } from "../store/memberships.ts";
import { hasReceipts } from "../store/receipt-rows.ts";
import { sendReceipts } from "./send-receipts.ts";
import { takeEvent, takeUnreadable } from "./take-event.ts";
import { retryAwaiting } from "./take-message.ts";

/** Events acknowledged at once at the most; fewer as soon as none waits. */
const ackEvery = 100;
const idleMs = 5;
/** Other processes of this home queue receipts that only the holder of the feed can send. */
const lookMs = 250;
/** A back-fill that gives nothing for so long will not end. */
const backFillMs = 30_000;

/** A mesh's feed being consumed by this process. */
export interface RunningFeed {
  readonly link: MeshLink;
  /** settles when everything up to now is stored and acknowledged; rejects when the feed ends before */
  readonly caughtUp: Promise<void>;
  /** settles at `stop`, rejects with what ended the feed otherwise */
  readonly ended: Promise<void>;
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
  const lease = takeOsLock(ctx.home.paths.feedLock(row.mesh), 0);
  if (lease === undefined) return undefined;
  try {
    // A holder that crashed may have left the mark.
    ctx.store.write(() => setFeedLive(ctx.store, row.mesh, false));
    const link = await ctx.links.open(row, "feed");
    const loop = new FeedLoop(ctx, row, link);
    const ended = loop.run().finally(async () => {
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
  ctx.lingering.set(row.mesh, feed);
  const drop = () => {
    if (ctx.lingering.get(row.mesh) === feed) ctx.lingering.delete(row.mesh);
  };
  feed.ended.then(drop, drop);
}

class FeedLoop {
  readonly #ctx: DeviceContext;
  readonly #row: MembershipRow;
  readonly #link: MeshLink;
  readonly #caught = Promise.withResolvers<void>();
  readonly #stopped = Promise.withResolvers<"stop">();
  #unacknowledged = 0;
  #seq: number | undefined;
  #isCaughtUp = false;
  #heardAt: number;

  constructor(ctx: DeviceContext, row: MembershipRow, link: MeshLink) {
    this.#ctx = ctx;
    this.#row = row;
    this.#link = link;
    this.#heardAt = ctx.now();
    this.caughtUp.catch(() => {});
  }

  get caughtUp(): Promise<void> {
    return this.#caught.promise;
  }

  stop(): void {
    this.#stopped.resolve("stop");
  }

  async run(): Promise<void> {
    try {
      await this.#consume();
      this.#caught.reject(new MeshError("cancelled", "the feed was stopped"));
    } catch (error) {
      this.#caught.reject(error);
      throw error;
    }
  }

  async #consume(): Promise<void> {
    const row = this.#row;
    const syncOnce = () => syncRoster(this.#ctx.rosters, row.mesh, this.#link.client);
    // The roster was brought up to date before the feed began: what waited for it may be good now.
    await retryAwaiting(this.#ctx, { row, syncRoster: syncOnce });
    const events = this.#link.client.events()[Symbol.asyncIterator]();
    let next = events.next();
    for (;;) {
      const got = await this.#orIdle(next);
      if (got === "idle") {
        this.#requireProgress();
        await this.#acknowledge();
        if (hasReceipts(this.#ctx.store, this.#row.mesh)) await this.#tell();
        continue;
      }
      if (got === "stop") {
        next.catch(() => {});
        return this.#acknowledge();
      }
      if (got.done) {
        throw new MeshError("offline", await endOf(this.#link.client));
      }
      await this.#take(got.value);
      next = events.next();
    }
  }

  async #take(event: ClientEvent): Promise<void> {
    const row = this.#row;
    this.#heardAt = this.#ctx.now();
    if (event.kind === "caught_up") {
      this.#isCaughtUp = true;
      await this.#acknowledge();
      await this.#tell();
      this.#ctx.store.write(() => setFeedLive(this.#ctx.store, row.mesh, true));
      this.#caught.resolve();
      this.#ctx.wake.now();
      return;
    }
    const syncOnce = () => syncRoster(this.#ctx.rosters, row.mesh, this.#link.client);
    if (event.kind === "unreadable") takeUnreadable(this.#ctx, row, event);
    else await takeEvent(this.#ctx, { row, syncRoster: syncOnce }, event);
    this.#seq = event.seq;
    this.#unacknowledged += 1;
    if (this.#unacknowledged >= ackEvery) await this.#acknowledge();
  }

  #requireProgress(): void {
    if (this.#isCaughtUp || this.#ctx.now() - this.#heardAt < backFillMs) return;
    throw new MeshError("timeout", "the broker began a back-fill and does not go on with it");
  }

  async #tell(): Promise<void> {
    await sendReceipts(this.#ctx, this.#row, this.#link.client);
  }

  async #acknowledge(): Promise<void> {
    if (this.#unacknowledged === 0) return;
    const isDone = await sendReceipts(this.#ctx, this.#row, this.#link.client, this.#seq);
    if (isDone) this.#unacknowledged = 0;
  }

  /** The next event; `idle` when none comes at once, or for a while when nothing is unacknowledged; `stop` when told to. */
  async #orIdle<T>(next: Promise<T>): Promise<T | "idle" | "stop"> {
    let cancel = () => {};
    const idle = new Promise<"idle">((resolve) => {
      const ms = this.#unacknowledged === 0 ? lookMs : idleMs;
      cancel = this.#ctx.timer(ms, () => resolve("idle"));
    });
    try {
      return await Promise.race([next, this.#stopped.promise, idle]);
    } finally {
      cancel();
    }
  }
}

/** Why a client ended. */
async function endOf(client: Client): Promise<string> {
  for await (const state of client.status()) if (state.link === "closed") return state.reason;
  return "the connection to the broker was lost";
}
