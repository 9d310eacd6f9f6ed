export type Origin = "human" | "peer" | "channel";

export interface Queued {
  readonly origin: Origin;
  readonly text: string;
  readonly priority: "now" | "next" | "later";
  /** the server that a channel's text came through */
  readonly server?: string;
}

const ranks = { now: 0, next: 1, later: 2 } as const;

/** What waits for the agent's attention: people's prompts, the inbox and channels. */
export class Queue {
  readonly #waiting: Queued[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  push(item: Queued): void {
    this.#waiting.push(item);
    this.#wake?.();
  }

  /** No more prompts will come: `next` answers undefined as soon as nothing waits. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  get peers(): number {
    return this.#waiting.filter((item) => item.origin === "peer").length;
  }

  /** Takes everything that may be shown beside a tool result. */
  takeMidTurn(): readonly Queued[] {
    return this.#take((item) => item.priority !== "later");
  }

  /** Settles with what starts the next turn: the first of the most urgent, and the peers' messages with it. */
  async next(): Promise<readonly Queued[] | undefined> {
    for (;;) {
      const first = this.#waiting.toSorted((a, b) => ranks[a.priority] - ranks[b.priority])[0];
      if (first !== undefined) {
        const joins = (item: Queued) =>
          item === first ||
          (first.origin === "peer" && item.origin === "peer" && item.priority === first.priority);
        return this.#take(joins);
      }
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(fits: (item: Queued) => boolean): readonly Queued[] {
    const taken = this.#waiting.filter(fits);
    const kept = this.#waiting.filter((item) => !taken.includes(item));
    this.#waiting.splice(0, this.#waiting.length, ...kept);
    return taken;
  }
}
