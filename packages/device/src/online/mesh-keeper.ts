import { type CloseCode, MeshError, type MeshId } from "@claudemesh/protocol";
import { backoffMs } from "@claudemesh/sdk";
import { CallPump } from "../calls/call-pump.ts";
import type { DeviceContext } from "../context.ts";
import { openFeed, type RunningFeed } from "../feed/run-feed.ts";
import { UploadPump } from "../files/upload-pump.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { prefetchRecords } from "../records/prefetch.ts";
import { getMembership } from "../store/memberships.ts";
import type { LinkStanding } from "./device-events.ts";
import { orStopped } from "./or-stopped.ts";
import { OutboxPump } from "./outbox-pump.ts";
import { PastPump } from "./past-pump.ts";

/** A connection that lived this long was a good one: the next loss starts the back-off anew. */
const stableMs = 5_000;
/** What a try that was under way before a call came to says nothing of now; one that took longer than this was no quick refusal, and is not repeated. */
const freshMs = 2_000;
/** How often the lock of a feed that another process holds is tried. */
const elsewhereMs = 1_000;
/** Whom an admin has disconnected comes back by a command of its own, not by itself. */
const kicked: CloseCode = 4001;
const usual = { firstMs: 250, mostMs: 30_000 } as const;
/** What does not pass by itself is tried this seldom; a call of this home tries at once. */
const seldom = { firstMs: 30_000, mostMs: 15 * 60_000 } as const;

/** One try to open the feed: the feed, or undefined where another process of this home holds it. */
type Try = PromiseWithResolvers<RunningFeed | undefined>;

/** Keeps one mesh's feed open for as long as it runs, and lends its connection to calls. */
export class MeshKeeper {
  readonly mesh: MeshId;
  readonly pump: OutboxPump;
  readonly #past: PastPump;
  readonly #uploads: UploadPump;
  readonly #calls: CallPump;
  readonly #ctx: DeviceContext;
  #feed: RunningFeed | undefined;
  #standing: LinkStanding;
  #try: Try = newTry();
  #isTrying = false;
  /** someone waits for a try that has not begun */
  #isAsked = false;
  #hurry: () => void = () => {};
  readonly #stopped = new AbortController();
  readonly #done: Promise<void>;

  constructor(ctx: DeviceContext, mesh: MeshId) {
    this.#ctx = ctx;
    this.mesh = mesh;
    this.#standing = { link: "connecting", since: ctx.now(), connects: 0 };
    this.pump = new OutboxPump(ctx, mesh);
    this.#past = new PastPump(ctx, mesh);
    this.#uploads = new UploadPump(ctx, mesh);
    this.#calls = new CallPump(ctx, mesh);
    ctx.dueCalls.keep(mesh, this.#calls);
    this.#done = this.#run();
    this.#done.catch((error) => ctx.log("warn", `the feed's keeper ended: ${String(error)}`));
  }

  get standing(): LinkStanding {
    return this.#standing;
  }

  /**
   * The open feed; where there is none, what the try under way, or one begun at once, comes to. A failure that began before the call is not its answer: one more try is
   * made then. Undefined while another process has it. Throws what connecting throws.
   */
  async feed(): Promise<RunningFeed | undefined> {
    if (this.#feed !== undefined) return this.#feed;
    if (!this.#isTrying) return this.#soon();
    const asked = this.#ctx.now();
    try {
      return await this.#try.promise;
    } catch (error) {
      const isStale = isUnreachable(error) && this.#ctx.now() - asked < freshMs;
      if (!isStale || this.#isStopped) throw error;
      return this.#feed ?? this.#soon();
    }
  }

  /** Sends what is due to senders, where the feed is open. */
  nudge(): void {
    this.#feed?.nudge();
  }

  /** Ends the connection; a new one is opened to where the membership says by then. */
  async redial(): Promise<void> {
    this.#isAsked = true;
    this.#hurry();
    await this.#feed?.stop();
  }

  /** Ends for good, with what is stored acknowledged. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#hurry();
    await this.#feed?.stop();
    await this.#done;
  }

  /** What a try that begins at once comes to. */
  #soon(): Promise<RunningFeed | undefined> {
    this.#isAsked = true;
    this.#hurry();
    return this.#try.promise;
  }

  async #run(): Promise<void> {
    const { now, random } = this.#ctx;
    let failures = 0;
    while (!this.#isStopped) {
      this.#stand("connecting");
      const began = now();
      const end = await this.#once();
      if (this.#isStopped) break;
      if (end === "elsewhere") {
        this.#stand("elsewhere");
        await this.#pause(elsewhereMs);
        continue;
      }
      const { wasOpen, error } = end;
      if (error.detail?.closeCode === kicked) {
        this.#stand("waiting", { reason: error.message });
        await this.#untilAsked();
        continue;
      }
      failures = wasOpen && now() - began >= stableMs ? 1 : failures + 1;
      const range = error.row.retry === "later" ? usual : seldom;
      const ms = Math.max(backoffMs(failures, random, range), error.retryAfterMs ?? 0);
      this.#stand("waiting", { reason: error.message, retryAt: now() + ms });
      await this.#pause(ms);
    }
    this.#settle((one) => one.reject(new MeshError("cancelled", "stopped")));
  }

  /** Opens the feed and serves calls over it until it ends. */
  async #once(): Promise<"elsewhere" | { readonly wasOpen: boolean; readonly error: MeshError }> {
    let feed: RunningFeed | undefined;
    this.#isTrying = true;
    try {
      feed = await this.#open();
    } catch (thrown) {
      const error = asMeshError(thrown);
      this.#settle((one) => one.reject(error));
      return { wasOpen: false, error };
    }
    this.#feed = feed;
    this.#settle((one) => one.resolve(feed));
    if (feed === undefined) return "elsewhere";
    this.#stand("open", { connects: this.#standing.connects + 1 });
    this.pump.begin(feed.link);
    this.#uploads.begin();
    this.#calls.begin(feed.link);
    feed.caughtUp.then(
      (seq) => {
        this.#past.begin(feed.link, seq);
        prefetchRecords(this.#ctx, this.mesh);
      },
      // Its end says why.
      () => {},
    );
    const error = await feed.ended.then(() => redialled, asMeshError);
    this.#feed = undefined;
    this.pump.end();
    this.#past.end();
    this.#uploads.end();
    this.#calls.end();
    if (error.row.retry !== "later" && !this.#isStopped) {
      this.#ctx.log("warn", `the feed of ${this.mesh.slice(0, 13)} ended: ${error.message}`);
    }
    return { wasOpen: true, error };
  }

  async #open(): Promise<RunningFeed | undefined> {
    const row = getMembership(this.#ctx.store, this.mesh);
    if (row === undefined) throw new MeshError("not_found", "this home has left the mesh");
    const opening = openFeed(this.#ctx, row, { isKept: true });
    try {
      return await orStopped(opening, this.#stopped.signal);
    } catch (error) {
      // One that opens too late is not left running.
      opening.then((feed) => feed?.stop()).catch(() => {});
      throw error;
    }
  }

  get #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Tells those who wait for the try; who asks from here on waits for the next one. */
  #settle(how: (one: Try) => void): void {
    const settled = this.#try;
    this.#isTrying = false;
    this.#isAsked = false;
    this.#try = newTry();
    how(settled);
  }

  /** Waits for a call of this home. */
  async #untilAsked(): Promise<void> {
    if (this.#isAsked || this.#isStopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hurry = resolve;
    await promise;
  }

  /** Waits, unless someone asks for a try or has asked. */
  async #pause(ms: number): Promise<void> {
    if (this.#isAsked || this.#isStopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#ctx.timer(ms, resolve);
    this.#hurry = resolve;
    await promise;
    cancel();
  }

  #stand(link: LinkStanding["link"], more: Partial<LinkStanding> = {}): void {
    const { connects } = this.#standing;
    this.#standing = { connects, ...more, link, since: this.#ctx.now() };
    this.#ctx.events.tell({ type: "link", mesh: this.mesh, standing: this.#standing });
  }
}

function newTry(): Try {
  const one: Try = Promise.withResolvers();
  // Nobody has to wait for it.
  one.promise.catch(() => {});
  return one;
}

const redialled = new MeshError("offline", "the connection was ended to open another");

const asMeshError = (error: unknown): MeshError =>
  error instanceof MeshError
    ? error
    : new MeshError("internal", "the feed ended unexpectedly", { cause: error });
