import { MeshError } from "@claudemesh/protocol";
import type { Client, ClientEvent } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import { fetchKeysQuietly, settleKeys } from "../keys/follow-roster.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { sendWaiting } from "../records/send-pending.ts";
import { type MembershipRow, setFeedLive } from "../store/memberships.ts";
import { hasReceipts } from "../store/receipt-rows.ts";
import { sendReceipts } from "./send-receipts.ts";
import { takeEvent, takeUnreadable } from "./take-event.ts";
import { retryAwaiting } from "./take-message.ts";

/** Events acknowledged at once at the most; fewer as soon as none waits. */
const ackEvery = 100;
const idleMs = 5;
/** A back-fill that gives nothing for so long will not end. */
const backFillMs = 30_000;

/** Takes in what a feed's connection brings, in order, and acknowledges what is stored. Looks for receipts that are due every `lookMs`, and when nudged. */
export class FeedLoop {
  readonly #ctx: DeviceContext;
  readonly #row: MembershipRow;
  readonly #link: MeshLink;
  readonly #caught = Promise.withResolvers<number>();
  #isStopping = false;
  #unacknowledged = 0;
  #seq: number | undefined;
  #isCaughtUp = false;
  #heardAt: number;
  readonly #lookMs: number;
  #isNudged = false;
  /** the event that was asked for, once it is here */
  #got: { readonly result: IteratorResult<ClientEvent, undefined> } | undefined;
  #wake: () => void = () => {};
  /** who waits until everything that has come is taken */
  #fence: PromiseWithResolvers<void> | undefined;

  constructor(ctx: DeviceContext, row: MembershipRow, link: MeshLink, ms: number) {
    this.#lookMs = ms;
    this.#ctx = ctx;
    this.#row = row;
    this.#link = link;
    this.#heardAt = ctx.now();
    this.caughtUp.catch(() => {});
  }

  get caughtUp(): Promise<number> {
    return this.#caught.promise;
  }

  stop(): void {
    this.#isStopping = true;
    this.#wake();
  }

  nudge(): void {
    this.#isNudged = true;
    this.#wake();
  }

  /** The broker answers in order: what it sent before this answer is in the queue by then. */
  async current(): Promise<void> {
    await this.caughtUp;
    await this.#link.client.acknowledge({});
    this.#fence ??= Promise.withResolvers();
    this.nudge();
    return this.#fence.promise;
  }

  async run(): Promise<void> {
    try {
      await this.#consume();
      this.#end(new MeshError("cancelled", "the feed was stopped"));
    } catch (error) {
      this.#end(error);
      throw error;
    }
  }

  #end(error: unknown): void {
    this.#caught.reject(error);
    this.#fence ??= Promise.withResolvers();
    this.#fence.promise.catch(() => {});
    this.#fence.reject(error);
  }

  async #consume(): Promise<void> {
    const row = this.#row;
    const syncOnce = () => syncRoster(this.#ctx.rosters, row.mesh, this.#link.client);
    await fetchKeysQuietly(this.#ctx, row, this.#link);
    // The roster was brought up to date before the feed began: what waited for it may be good now.
    await retryAwaiting(this.#ctx, { row, syncRoster: syncOnce });
    await retryAwaiting(this.#ctx, { row, syncRoster: syncOnce }, "key");
    const events = this.#link.client.events()[Symbol.asyncIterator]();
    this.#pull(events);
    for (;;) {
      const what = await this.#wait();
      if (what === "idle") {
        await this.#rest();
        continue;
      }
      if (what === "stop" || this.#got === undefined) return this.#acknowledge();
      const { done, value } = this.#got.result;
      if (done) throw await endOf(this.#link.client);
      await this.#take(value);
      this.#pull(events);
    }
  }

  /** Asks for the next event; a promise is listened to once, however often the loop wakes for other things. */
  #pull(events: AsyncIterator<ClientEvent, undefined>): void {
    this.#got = undefined;
    const take = (result: IteratorResult<ClientEvent, undefined>) => {
      this.#got = { result };
      this.#wake();
    };
    events.next().then(take, () => take({ done: true, value: undefined }));
  }

  /** What comes first: an event, the order to stop, or nothing for a while (at once when nudged). */
  async #wait(): Promise<"event" | "idle" | "stop"> {
    // An event that is here already goes first.
    await undefined;
    const ready = () => {
      if (this.#got !== undefined) return "event";
      if (this.#isStopping) return "stop";
      return this.#isNudged ? "idle" : undefined;
    };
    const now = ready();
    if (now !== undefined) return now;
    const ms = this.#unacknowledged === 0 ? this.#lookMs : idleMs;
    return new Promise((resolve) => {
      const cancel = this.#ctx.timer(ms, () => end("idle"));
      const end = (what: "event" | "idle" | "stop") => {
        cancel();
        this.#wake = () => {};
        resolve(what);
      };
      this.#wake = () => {
        const what = ready();
        if (what !== undefined) end(what);
      };
    });
  }

  /** Nothing has come: says what is stored, and what senders are to be told. */
  async #rest(): Promise<void> {
    this.#isNudged = false;
    const fence = this.#fence;
    this.#fence = undefined;
    try {
      this.#requireProgress();
      await this.#acknowledge();
      if (hasReceipts(this.#ctx.store, this.#row.mesh)) await this.#tell();
      fence?.resolve();
    } catch (error) {
      fence?.reject(error);
      throw error;
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
      this.#caught.resolve(event.seq);
      this.#ctx.wake.now();
      settleKeys(this.#ctx, row, this.#link);
      sendWaiting(this.#ctx, row);
      return;
    }
    const syncOnce = () => syncRoster(this.#ctx.rosters, row.mesh, this.#link.client);
    if (event.kind === "unreadable") takeUnreadable(this.#ctx, row, event);
    else await takeEvent(this.#ctx, { row, syncRoster: syncOnce, link: this.#link }, event);
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
}

/** Why a client ended. */
async function endOf(client: Client): Promise<MeshError> {
  for await (const state of client.states()) {
    if (state.link !== "closed") continue;
    const { closeCode, reason } = state;
    return new MeshError(
      "offline",
      reason,
      closeCode === undefined ? {} : { detail: { closeCode } },
    );
  }
  return new MeshError("offline", "the connection to the broker was lost");
}
