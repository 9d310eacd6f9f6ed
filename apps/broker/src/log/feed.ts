import {
  type Audience,
  audienceOf,
  audienceOfSession,
  type MemberId,
  type MeshId,
  type SessionId,
} from "@claudemesh/protocol";
import type { Outlet } from "../outlet.ts";
import type { LogEntry, StoreReads } from "../store/port.ts";
import { caughtUpText, eventText } from "./event-text.ts";
import type { FeedHub, Listener } from "./feed-hub.ts";

/** The audiences whose entries a member's device reads: its sessions' are its own alone. */
export const audiencesOf = (member: MemberId, sessions: readonly SessionId[] = []): Audience[] => [
  audienceOf(member),
  "*" as Audience,
  ...sessions.map(audienceOfSession),
];

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
  readonly outlet: Outlet;
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
  readonly audiences: Audience[];
  readonly #options: FeedOptions;
  readonly #end: () => void;
  #position: number;
  /** undefined when live; else what was committed since the last round of reading began */
  #pending: { entry: LogEntry; text: Buffer }[] | undefined = [];
  #overflow = false;
  #stopped = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.mesh = options.mesh;
    this.audiences = audiencesOf(options.member, options.sessions);
    this.#position = options.after;
    this.#end = options.hub.listen(this);
  }

  /** Begins to send. */
  start(): void {
    this.#backfill().then(() => {
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
    if (this.#stopped || this.audiences.includes(audience)) return;
    this.audiences.push(audience);
    this.#options.hub.widen(this, audience);
  }

  take(entry: LogEntry, text: Buffer): void {
    if (this.#stopped || entry.seq <= this.#position) return;
    if (this.#pending === undefined) {
      this.#send(entry.seq, text);
      if (this.#options.outlet.full) this.#fallBack();
    } else if (this.#pending.length < pendingMost) {
      this.#pending.push({ entry, text });
    } else {
      this.#overflow = true;
    }
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
      const query = { after: this.#position, upTo, audiences: this.audiences, limit: chunk };
      const entries = await read.log(mesh, query);
      if (this.#stopped) return;
      for (const entry of entries) {
        if (entry.body === null) continue;
        if (outlet.full && !(await outlet.drained())) return;
        if (this.#stopped) return;
        this.#send(entry.seq, eventText(entry));
      }
      if (entries.length < chunk) return;
    }
  }

  #send(seq: number, text: Buffer | string): void {
    this.#position = seq;
    this.#options.outlet.send(text);
  }
}
