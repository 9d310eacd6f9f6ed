import { type ErrorCode, type InboxNotice, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { drainFeed } from "../../feed/drain-feed.ts";
import { linger, type RunningFeed } from "../../feed/run-feed.ts";
import type { DeviceHandler } from "../../handler.ts";
import { offerWaiting } from "../../inbox/offer-waiting.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { callerHiddenIn, callersSessions } from "../../sessions/callers-sessions.ts";
import { hasWaiting } from "../../store/inbox-rows.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";

const lookMs = 25;
/** Where this process holds every feed, what arrives wakes it; only what other readers give back is looked for. */
const feedsHereMs = 250;
const reconnectMs = 1_000;
/** What a broker does that contradicts what was verified here. */
const distrust: ReadonlySet<ErrorCode> = new Set(["bad_signature", "log_mismatch", "roster_fork"]);

/** Fetches what waits, and gives each message to one reader. It counts as handed over once the caller confirms (`Device.confirmHandOver`). */
export const inbox: DeviceHandler<"message.inbox"> = async ({ mesh, wait, limit }, ctx) => {
  const all = listMemberships(ctx.store);
  const rows = mesh === undefined ? all : [resolveMesh(mesh, all)];
  const reading = await Promise.all(rows.map((row) => Reading.begin(ctx, row)));
  let offeredAny = false;
  try {
    if (wait !== undefined) await firstMessage(ctx, reading, ctx.now() + wait);
    if (ctx.closing.signal.aborted) {
      throw new MeshError("cancelled", "stopped; what waits here is shown the next time");
    }
    // Nobody says by whom the messages of a mesh with a false past are.
    const trusted = rows.filter((row) => ctx.rosters.heldBy(row.mesh) === undefined);
    const offered = offerWaiting(ctx, trusted, limit);
    offeredAny = offered.items.length > 0;
    return { ...offered, notices: [...offered.notices, ...reading.flatMap((one) => one.notices)] };
  } finally {
    await Promise.all(reading.map((one) => one.end(offeredAny)));
  }
};

async function firstMessage(
  ctx: DeviceContext,
  reading: readonly Reading[],
  deadline: number,
): Promise<void> {
  for (;;) {
    const readers = {
      now: ctx.now(),
      isLive: ctx.isClaimLive,
      sessions: callersSessions(ctx),
      hiddenIn: callerHiddenIn(ctx),
    };
    if (reading.some(({ row }) => hasWaiting(ctx.store, row.mesh, readers))) return;
    const left = deadline - ctx.now();
    if (left <= 0 || ctx.closing.signal.aborted) return;
    for (const one of reading) one.keepGoing();
    const look = reading.every((one) => one.hasFeed) ? feedsHereMs : lookMs;
    await ctx.wake.wait(ctx.timer, Math.min(left, look));
  }
}

/** One mesh while `inbox` runs: its feed where this process holds it, and what there is to say about the connection. */
class Reading {
  readonly #ctx: DeviceContext;
  readonly row: MembershipRow;
  #feed: RunningFeed | undefined;
  #trouble: InboxNotice | undefined;
  #beginning: Promise<void> | undefined;
  #nextTry = 0;
  #isEnding = false;

  private constructor(ctx: DeviceContext, row: MembershipRow) {
    this.#ctx = ctx;
    this.row = row;
  }

  static async begin(ctx: DeviceContext, row: MembershipRow): Promise<Reading> {
    const reading = new Reading(ctx, row);
    await reading.#connect();
    return reading;
  }

  get hasFeed(): boolean {
    return this.#feed !== undefined;
  }

  get notices(): InboxNotice[] {
    return this.#trouble === undefined ? [] : [this.#trouble];
  }

  /** Takes the feed over when it has become free, and connects again after a loss; never waits. */
  keepGoing(): void {
    if (this.#feed !== undefined || this.#beginning !== undefined) return;
    if (this.#ctx.now() < this.#nextTry) return;
    this.#beginning = this.#connect().finally(() => {
      this.#beginning = undefined;
    });
    this.#beginning.catch(() => {});
  }

  async end(hasUnconfirmed: boolean): Promise<void> {
    this.#isEnding = true;
    await this.#beginning?.catch(() => {});
    if (this.#feed === undefined) return;
    // What was offered is confirmed next, and its receipts go out over this feed.
    if (hasUnconfirmed) linger(this.#ctx, this.row, this.#feed);
    else await this.#feed.stop();
  }

  async #connect(): Promise<void> {
    this.#nextTry = this.#ctx.now() + lookMs;
    try {
      const feed = await drainFeed(this.#ctx, this.row);
      this.#trouble = undefined;
      if (feed === undefined) return;
      if (this.#isEnding) return await feed.stop();
      this.#feed = feed;
      feed.ended.then(
        () => this.#lost(),
        (error) => this.#lost(error),
      );
    } catch (error) {
      this.#lost(error);
    }
  }

  #lost(error?: unknown): void {
    this.#feed = undefined;
    if (error === undefined) return;
    const failure = meshError(error);
    const { slug, mesh } = this.row;
    // What contradicts the verified roster does not go away by asking again.
    this.#nextTry = isUnreachable(failure)
      ? this.#ctx.now() + reconnectMs
      : Number.POSITIVE_INFINITY;
    const what = isUnreachable(failure)
      ? "the broker cannot be asked"
      : distrust.has(failure.code)
        ? "the broker is not trusted"
        : "this home cannot connect";
    const next = isUnreachable(failure) || !failure.hint ? "" : `; ${failure.hint}`;
    const left =
      this.#ctx.rosters.heldBy(mesh) === undefined
        ? "only what is stored here is shown"
        : "nothing of it is shown";
    const text = `${what}, so ${left}: ${failure.message}${next}`;
    this.#trouble = { mesh: { id: mesh, slug }, code: failure.code, text, at: this.#ctx.now() };
  }
}

const meshError = (error: unknown): MeshError =>
  error instanceof MeshError
    ? error
    : new MeshError("internal", "the feed ended unexpectedly", { cause: error });
