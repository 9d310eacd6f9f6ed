import type { MemberId, MeshId, StreamItem } from "@claudemesh/protocol";
import { limits } from "@claudemesh/protocol";
import type { Timer } from "../timer.ts";

/** Characters of items that wait for one connection, and those that one answer takes of them. */
const mostWaitingChars = 4 << 20;
const mostTakenChars = 300_000;

interface Waiting {
  readonly item: StreamItem;
  readonly place: string;
  readonly chars: number;
}

/** What has come over the streams that one connection is subscribed to and was not taken yet: bounded, the oldest give way. */
export class StreamQueue {
  readonly mesh: MeshId;
  readonly member: MemberId;
  /** the streams, by their places */
  readonly places = new Set<string>();
  #waiting: Waiting[] = [];
  #chars = 0;
  readonly #dropped: () => void;
  #wake: () => void = () => {};

  constructor(of: { readonly mesh: MeshId; readonly member: MemberId }, dropped: () => void) {
    this.mesh = of.mesh;
    this.member = of.member;
    this.#dropped = dropped;
  }

  put(place: string, item: StreamItem): void {
    const chars = item.sealed.length + 1_000;
    this.#waiting.push({ item, place, chars });
    this.#chars += chars;
    const isOver = this.#waiting.length > limits.streamQueue || this.#chars > mostWaitingChars;
    if (isOver) this.#giveWay(place);
    this.#wake();
  }

  /** Ends a subscription with what waits of it. */
  leave(place: string): void {
    this.places.delete(place);
    this.#waiting = this.#waiting.filter((one) => one.place !== place);
    this.#chars = this.#waiting.reduce((sum, { chars }) => sum + chars, 0);
  }

  /** What waits, at once or once something does; nothing after `ms`, or when the connection ends. */
  async take(ms: number, timer: Timer): Promise<StreamItem[]> {
    if (this.#waiting.length === 0 && ms > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      // Who asked before is answered, so that a client's question that it gave up keeps nothing.
      this.#wake();
      this.#wake = resolve;
      const cancel = timer.after(ms, resolve);
      await promise;
      cancel();
    }
    return this.#next();
  }

  end(): void {
    this.#waiting = [];
    this.#wake();
  }

  #next(): StreamItem[] {
    const taken: StreamItem[] = [];
    let chars = 0;
    for (const one of this.#waiting) {
      if (taken.length > 0 && chars + one.chars > mostTakenChars) break;
      chars += one.chars;
      taken.push(one.item);
    }
    this.#waiting.splice(0, taken.length);
    this.#chars -= chars;
    return taken;
  }

  /** The oldest of the same stream goes, so that a loud one costs the others nothing. */
  #giveWay(place: string): void {
    const at = this.#waiting.findIndex((one) => one.place === place);
    const [gone] = this.#waiting.splice(at, 1);
    this.#chars -= gone?.chars ?? 0;
    this.#dropped();
  }
}
