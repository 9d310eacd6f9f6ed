import { MeshError } from "@claudemesh/protocol";
import { PullIterator } from "./pull-iterator.ts";
import type { ClientEvent } from "./types.ts";

interface FeedLimits {
  readonly events: number;
  readonly chars: number;
}

/** What may wait for the reader. Each time it is exceeded costs a new connection, and whatever the broker had sent ahead. */
const usual: FeedLimits = { events: 4_096, chars: 16 * 1024 * 1024 };

/**
 * The events between the connection and their one reader: bounded, in order, each position once. A socket cannot be paused, so when the queue is full the
 * feed is `behind`: it takes nothing more until a new connection resumes at the reader's cursor.
 */
export class Feed {
  readonly #limits: FeedLimits;
  readonly #changed: () => void;
  readonly #queue: { readonly event: ClientEvent; readonly chars: number }[] = [];
  #chars = 0;
  #epoch: string | undefined;
  /** the last position taken in this epoch */
  #last = 0;
  #behind = false;
  #ended = false;
  #reader: PullIterator<ClientEvent> | undefined;

  /** `changed` is called when the feed falls behind and when the reader has made room. */
  constructor(changed: () => void, limits: FeedLimits = usual) {
    this.#changed = changed;
    this.#limits = limits;
  }

  /** events were turned away since the connection began */
  get behind(): boolean {
    return this.#behind;
  }

  /** the reader has caught up far enough to resume */
  get hasRoom(): boolean {
    return this.#queue.length <= this.#limits.events / 4 && this.#chars <= this.#limits.chars / 4;
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** A connection begins to feed. In another epoch positions mean something else: what waits is dropped, as the broker sends it anew. */
  begin(epoch: string): void {
    this.#behind = false;
    if (this.#epoch !== undefined && this.#epoch !== epoch) {
      this.#queue.length = 0;
      this.#chars = 0;
      this.#last = 0;
    }
    this.#epoch = epoch;
  }

  /** Takes an event, unless it was taken before or the feed is behind. */
  offer(event: ClientEvent, chars: number): void {
    if (this.#ended || this.#behind) return;
    if (event.kind !== "caught_up") {
      if (event.seq <= this.#last) return;
    }
    if (this.#queue.length >= this.#limits.events || this.#overfull(chars)) {
      this.#behind = true;
      this.#changed();
      return;
    }
    if (event.kind !== "caught_up") this.#last = event.seq;
    this.#queue.push({ event, chars });
    this.#chars += chars;
    this.#reader?.wake();
  }

  /** No more will come. What waits can still be read, unless it is dropped. */
  end(drop: boolean): void {
    this.#ended = true;
    if (drop) this.#queue.length = 0;
    this.#reader?.wake();
  }

  /** The one reader; throws `conflict` while there is another. */
  read(): AsyncIterableIterator<ClientEvent> {
    if (this.#reader !== undefined) {
      throw new MeshError("conflict", "the events of this client are being read already");
    }
    this.#reader = new PullIterator<ClientEvent>({
      take: () => this.#take(),
      ended: () => this.#ended,
      released: () => {
        this.#reader = undefined;
      },
    });
    return this.#reader;
  }

  #overfull(chars: number): boolean {
    return this.#queue.length > 0 && this.#chars + chars > this.#limits.chars;
  }

  #take(): ClientEvent | undefined {
    const next = this.#queue.shift();
    if (next === undefined) return undefined;
    this.#chars -= next.chars;
    if (this.#behind && this.hasRoom) this.#changed();
    return next.event;
  }
}
