import {
  type Audience,
  audienceOfSession,
  type MemberId,
  type MeshId,
  type SessionId,
} from "@claudemesh/protocol";
import type { Outlet } from "../outlet.ts";
import type { AudienceMove, AudienceSpan, LogEntry, StoreReads } from "../store/port.ts";
import { fixedAudiences } from "./audiences.ts";
import { caughtUpText, eventText } from "./event-text.ts";
import type { FeedHub, Listener } from "./feed-hub.ts";
import { Spans } from "./spans.ts";

/** Where a feed's entries go; one that is no entry says that the back-fill is over. */
export interface FeedOutlet extends Pick<Outlet, "full" | "drained"> {
  send(text: string | Buffer, entry?: LogEntry): void;
}

export interface FeedOptions {
  readonly mesh: MeshId;
  readonly member: MemberId;
  /** the sessions that the device has had */
  readonly sessions: readonly SessionId[];
  /** the last seq that the device has */
  readonly after: number;
  /** the log's head when the feed was opened */
  readonly headSeq: number;
  readonly hub: FeedHub;
  readonly read: StoreReads;
  readonly outlet: FeedOutlet;
  /** what is seen of the log, where it is not the member's own view */
  readonly view?: () => Promise<readonly AudienceSpan[]>;
  /** which entries the member does not want; asked once, before the first is sent */
  readonly hides: () => Promise<(entry: LogEntry) => boolean>;
  readonly onFailure: (error: unknown) => void;
}

/** entries that one read of the log brings */
const chunk = 256;
/** committed entries kept while a back-fill goes on; more means another round of reading */
const pendingMost = 512;

/**
 * Sends a member's view of the log from a position on, in order, each entry once: back-fill from the store, cut-over, live from memory. A reader
 * that does not keep up drops back to back-fill, so that nothing is queued for it.
 */
export class Feed implements Listener {
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly #fixed: Audience[];
  readonly #spans = new Spans();
  readonly #options: FeedOptions;
  readonly #end: () => void;
  #position: number;
  /** undefined when live; else what was committed since the last round of reading began */
  #pending: { entry: LogEntry; text: Buffer }[] | undefined = [];
  #hides: (entry: LogEntry) => boolean = () => false;
  #overflow = false;
  #stopped = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.mesh = options.mesh;
    this.member = options.member;
    const { mesh, member, sessions, view } = options;
    this.#fixed = view === undefined ? fixedAudiences(mesh, member, sessions) : [];
    this.#position = options.after;
    this.#end = options.hub.listen(this);
  }

  get audiences(): Audience[] {
    return [...this.#fixed, ...this.#spans.open()];
  }

  /** Begins to send. */
  start(): void {
    this.#open().then(() => {
      if (!this.#stopped) this.#options.outlet.send(caughtUpText(this.#position));
    }, this.#options.onFailure);
  }

  stop(): void {
    this.#stopped = true;
    this.#pending = undefined;
    this.#end();
  }

  /** From now on it carries what is addressed to this session, too. */
  expect(session: SessionId): void {
    const audience = audienceOfSession(session);
    if (this.#stopped || this.#fixed.includes(audience)) return;
    this.#fixed.push(audience);
    this.#options.hub.widen(this, audience);
  }

  move(move: AudienceMove, seq: number): void {
    if (this.#stopped || !this.#spans.move(move, seq)) return;
    const { hub } = this.#options;
    if (move.enters) hub.widen(this, move.audience);
    else hub.narrow(this, move.audience);
  }

  take(entry: LogEntry, text: Buffer): void {
    if (this.#stopped || entry.seq <= this.#position) return;
    if (this.#pending === undefined) {
      this.#send(entry, () => text);
      if (this.#options.outlet.full) this.#fallBack();
    } else if (this.#pending.length < pendingMost) {
      this.#pending.push({ entry, text });
    } else {
      this.#overflow = true;
    }
  }

  /** Learns which groups and topics the member is in, then reads. What changes meanwhile was told by the hub. */
  async #open(): Promise<void> {
    const { hub, after, read, view } = this.#options;
    const query = { member: this.member, after };
    this.#hides = await this.#options.hides();
    const known = view === undefined ? await read.spans(this.mesh, query) : await view();
    if (this.#stopped) return;
    for (const audience of this.#spans.load(known)) hub.widen(this, audience);
    await this.#backfill();
  }

  #fallBack(): void {
    this.#pending = [];
    this.#overflow = false;
    this.#backfill().catch(this.#options.onFailure);
  }

  /** Reads and sends until what is left to send is what came meanwhile; then that, and live from there without a gap. */
  async #backfill(): Promise<void> {
    const { hub, headSeq, outlet } = this.#options;
    while (!this.#stopped) {
      if (!(await outlet.drained())) return;
      this.#pending = [];
      this.#overflow = false;
      const upTo = Math.max(headSeq, hub.head(this.mesh));
      await this.#readUpTo(upTo);
      if (this.#stopped) return;
      if (this.#overflow || outlet.full) continue;
      const pending = this.#pending;
      this.#position = Math.max(this.#position, upTo);
      this.#pending = undefined;
      for (const { entry, text } of pending) this.take(entry, text);
      return;
    }
  }

  async #readUpTo(upTo: number): Promise<void> {
    const { mesh, outlet, read } = this.#options;
    while (this.#position < upTo && !this.#stopped) {
      const entries = await read.log(mesh, {
        after: this.#position,
        upTo,
        audiences: this.#fixed,
        spans: this.#spans.beyond(this.#position),
        limit: chunk,
      });
      if (this.#stopped) return;
      for (const entry of entries) {
        if (entry.body === null) continue;
        if (outlet.full && !(await outlet.drained())) return;
        if (this.#stopped) return;
        this.#send(entry, () => eventText(entry));
      }
      if (entries.length < chunk) return;
    }
  }

  #send(entry: LogEntry, text: () => Buffer): void {
    this.#position = entry.seq;
    if (!this.#hides(entry)) this.#options.outlet.send(text(), entry);
  }
}
