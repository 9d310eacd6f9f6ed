import type { Timer } from "./timer.ts";

/** One author's wish to append. */
export interface Act {
  /** who shares one place in the queue: a member by its signing key, all joiners of an invite by the invite */
  readonly author: string;
  /** the connection that waits; its end gives the place up */
  readonly connection: string;
  /** `urgent` goes to the front and takes the tail even from who holds it; `join` waits behind every member */
  readonly rank: "urgent" | "member" | "join";
  /** Tries to append; false when the entry is not the next one. Throws what is refused for good. */
  attempt(): Promise<boolean>;
}

interface Waiting {
  readonly act: Act;
  readonly settle: PromiseWithResolvers<boolean>;
}

interface Place {
  readonly author: string;
  readonly rank: Act["rank"];
  connection: string;
  readonly waiting: Waiting[];
  misses: number;
}

export interface TurnOptions {
  readonly timer: Timer;
  readonly turnMs: number;
  /** authors who may wait */
  readonly most?: number;
}

const missesAllowed = 3;
/** acts that may wait at one place */
const waitingMost = 100;

/**
 * Fairness among those who write one chain. Who meets a conflict queues, one place per author; in turn each is told that it conflicts, and
 * holds the tail until it has appended, gone away, or missed its time. The others wait, without an error.
 */
export class RosterTurns {
  readonly #options: Required<TurnOptions>;
  readonly #queue: Place[] = [];
  readonly #places = new Map<string, Place>();
  #holder: Place | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: TurnOptions) {
    this.#options = { most: 1_000, ...options };
  }

  get idle(): boolean {
    return this.#holder === undefined && this.#queue.length === 0;
  }

  /** True when appended; false when the author must sign again on what is new, for which it then holds the tail a while. */
  async run(act: Act): Promise<boolean> {
    if (this.#holder?.author === act.author) return await this.#inTurn(this.#holder, act);
    if ((act.rank === "urgent" || this.idle) && (await act.attempt())) return true;
    return await this.#wait(act);
  }

  /** Gives up whatever a connection waits for or holds. */
  leave(connection: string): void {
    for (const place of [...this.#places.values()]) {
      for (const waiting of place.waiting.filter(({ act }) => act.connection === connection)) {
        place.waiting.splice(place.waiting.indexOf(waiting), 1);
        waiting.settle.resolve(false);
      }
      if (place.connection !== connection || place.waiting.length > 0) continue;
      if (place === this.#holder) this.#endTurn();
      else this.#drop(place);
    }
  }

  /** Answers everyone who waits. */
  stop(): void {
    this.#cancelTimer?.();
    this.#holder = undefined;
    for (const place of [...this.#places.values()]) this.#drop(place);
  }

  async #inTurn(place: Place, act: Act): Promise<boolean> {
    place.connection = act.connection;
    try {
      if (!(await act.attempt())) return false;
    } catch (error) {
      if (this.#holder === place) this.#endTurn();
      throw error;
    }
    if (this.#holder === place) this.#endTurn();
    return true;
  }

  async #wait(act: Act): Promise<boolean> {
    const known = this.#places.get(act.author);
    if (known === undefined && this.#places.size >= this.#options.most) return false;
    if (known !== undefined && known.waiting.length >= waitingMost) return false;
    const { author, rank } = act;
    const place = known ?? { author, rank, connection: "", waiting: [], misses: 0 };
    place.connection = act.connection;
    const waiting = { act, settle: Promise.withResolvers<boolean>() };
    place.waiting.push(waiting);
    if (known === undefined) {
      this.#places.set(act.author, place);
      if (rank === "urgent") this.#queue.unshift(place);
      else this.#enqueue(place);
    }
    if (this.#holder === undefined) this.#next();
    return await waiting.settle.promise;
  }

  /** At the end of its rank: who is a member never waits behind who would like to be one. */
  #enqueue(place: Place): void {
    const firstJoin = this.#queue.findIndex(({ rank }) => rank === "join");
    if (place.rank === "join" || firstJoin < 0) this.#queue.push(place);
    else this.#queue.splice(firstJoin, 0, place);
  }

  #next(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#holder = undefined;
    for (let place = this.#queue.shift(); place !== undefined; place = this.#queue.shift()) {
      const waiting = place.waiting.shift();
      if (waiting !== undefined) {
        this.#holder = place;
        void this.#serve(place, waiting);
        return;
      }
      this.#missed(place);
    }
  }

  /** Begins a turn: the entry may still be the next one; if not, its author is told, and has the tail to itself to sign again. */
  async #serve(place: Place, { act, settle }: Waiting): Promise<void> {
    let appended: boolean;
    try {
      appended = await act.attempt();
    } catch (error) {
      settle.reject(error);
      if (this.#holder === place) this.#endTurn();
      return;
    }
    settle.resolve(appended);
    if (this.#holder !== place) return;
    if (appended) {
      this.#endTurn();
      return;
    }
    this.#cancelTimer = this.#options.timer.after(this.#options.turnMs, () => {
      if (this.#holder !== place) return;
      this.#missed(place);
      this.#next();
    });
  }

  #missed(place: Place): void {
    place.misses += 1;
    if (place.misses < missesAllowed) this.#enqueue(place);
    else this.#drop(place);
  }

  /** The author has had its say; what else it waits for starts again at the end. */
  #endTurn(): void {
    const place = this.#holder;
    if (place !== undefined) {
      place.misses = 0;
      if (place.waiting.length > 0) this.#enqueue(place);
      else this.#places.delete(place.author);
    }
    this.#next();
  }

  #drop(place: Place): void {
    this.#places.delete(place.author);
    const at = this.#queue.indexOf(place);
    if (at >= 0) this.#queue.splice(at, 1);
    for (const { settle } of place.waiting.splice(0)) settle.resolve(false);
  }
}
