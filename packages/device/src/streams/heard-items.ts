import { limits, type MemberId, type StreamItem } from "@claudemesh/protocol";

/** An item that was opened, at its place among those that came here. */
export interface HeardItem {
  readonly seq: number;
  readonly member: MemberId;
  readonly at: number;
  readonly text: string;
}

export interface HeardSince {
  readonly items: readonly HeardItem[];
  /** how many did not come through since then: lost on the way, or not good */
  readonly dropped: number;
  readonly seq: number;
}

/** publishers whose counts are kept in mind */
const mostRuns = 1_000;

/** What came over one stream lately: the newest items. What is missing has its places too, so that it is counted wherever it was lost. */
export class HeardItems {
  readonly #items: HeardItem[] = [];
  readonly #counts = new Map<string, number>();
  #seq: number;
  /** what was lost since the last item */
  #lost = 0;

  /** `seq` is where it begins: above whatever an earlier process gave out. */
  constructor(seq: number) {
    this.#seq = seq;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Counts an item by its publisher's own count; false for one that was here before. */
  count({ device, run, n }: Pick<StreamItem, "device" | "n" | "run">): boolean {
    const key = `${device} ${run}`;
    const last = this.#counts.get(key);
    if (last !== undefined && n <= last) return false;
    // Of a publisher that is heard for the first time it is not known what went before.
    if (last !== undefined) this.#lost += n - last - 1;
    this.#counts.delete(key);
    this.#counts.set(key, n);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > mostRuns && oldest !== undefined) this.#counts.delete(oldest);
    return true;
  }

  /** Answers how many were lost before it. */
  put(item: Omit<HeardItem, "seq">): number {
    const lost = this.#lost;
    this.#lost = 0;
    this.#seq += lost + 1;
    this.#items.push({ ...item, seq: this.#seq });
    if (this.#items.length > limits.streamQueue) this.#items.shift();
    return lost;
  }

  /** One that could not be taken. */
  lose(): void {
    this.#lost += 1;
  }

  /** What came after a place. */
  since(after: number): HeardSince {
    const from = Math.min(after, this.#seq);
    const items = this.#items.filter(({ seq }) => seq > from);
    return { items, dropped: this.#seq - from - items.length, seq: this.#seq };
  }
}
