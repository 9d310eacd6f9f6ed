import type { MemberId, MeshId } from "@claudemesh/protocol";
import { textFrames } from "./text-frames.ts";
import type { Timer } from "./timer.ts";

/** Feeds of a mesh up to which news of peers goes out at once, one by one. */
const fewFeeds = 100;
/** How much longer news waits for each feed above that, and at most: with many there is much of it, and it can be told together. */
const msPerFeed = 0.1;
const mostMs = 250;

/** A feed that is told of peers. */
export interface NewsReader {
  readonly actor: { readonly member: MemberId } | undefined;
  /** takes text frames that are made already, so many of them */
  tellFrames(frames: Buffer, count: number): void;
}

interface News {
  readonly except: MemberId | undefined;
  readonly mayKnow: (member: MemberId) => boolean;
  /** the whole frame, made once for all who get it */
  readonly frame: Buffer;
}

/**
 * Gathers what is told of peers in a large mesh, and tells each feed of all of it in one write. When two thousand sessions come within a moment, each feed is written to a few times and not two thousand times, and
 * feeds that may know all of it share one piece of memory. The order stays as it was.
 */
export class NewsGathering {
  readonly #timer: Timer;
  readonly #readers: (mesh: MeshId) => ReadonlySet<NewsReader>;
  readonly #waiting = new Map<MeshId, News[]>();
  readonly #cancels = new Set<() => void>();

  constructor(timer: Timer, readers: (mesh: MeshId) => ReadonlySet<NewsReader>) {
    this.#timer = timer;
    this.#readers = readers;
  }

  /** Tells every feed of a mesh but the member's own, and but those that may not know it: now, or with what follows soon. */
  tell(
    mesh: MeshId,
    text: string,
    who: { readonly except: MemberId | undefined; readonly mayKnow: (member: MemberId) => boolean },
  ): void {
    const news = { ...who, frame: textFrames([text]) };
    const waiting = this.#waiting.get(mesh);
    if (waiting !== undefined) {
      waiting.push(news);
      return;
    }
    const feeds = this.#readers(mesh).size;
    if (feeds <= fewFeeds) {
      this.#hand(mesh, [news]);
      return;
    }
    this.#waiting.set(mesh, [news]);
    const ms = Math.min(mostMs, (feeds - fewFeeds) * msPerFeed);
    const cancel = this.#timer.after(ms, () => {
      this.#cancels.delete(cancel);
      const gathered = this.#waiting.get(mesh) ?? [];
      this.#waiting.delete(mesh);
      this.#hand(mesh, gathered);
    });
    this.#cancels.add(cancel);
  }

  /** Tells nothing more. */
  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#waiting.clear();
  }

  #hand(mesh: MeshId, gathered: readonly News[]): void {
    const all = Buffer.concat(gathered.map(({ frame }) => frame));
    for (const reader of this.#readers(mesh)) {
      const member = reader.actor?.member;
      if (member === undefined) continue;
      const known = gathered.filter(({ except, mayKnow }) => member !== except && mayKnow(member));
      if (known.length === 0) continue;
      const frames =
        known.length === gathered.length ? all : Buffer.concat(known.map(({ frame }) => frame));
      reader.tellFrames(frames, known.length);
    }
  }
}
