/** Upper bounds of the buckets, in ms: from what memory takes to what somebody gives up at. */
const boundsMs = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/** How often durations fell into fixed buckets. Counting one costs a few comparisons and no memory. */
export class Histogram {
  readonly #counts = new Float64Array(boundsMs.length + 1);
  #sumMs = 0;
  #count = 0;

  /** Counts one duration; one below 0, as after a clock was set back, as 0. */
  observe(ms: number): void {
    let bucket = 0;
    while (bucket < boundsMs.length && ms > (boundsMs[bucket] as number)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#count += 1;
    if (ms > 0) this.#sumMs += ms;
  }

  get count(): number {
    return this.#count;
  }

  get sumSeconds(): number {
    return this.#sumMs / 1_000;
  }

  /** Per bound, in seconds as text, how many durations were not above it; `+Inf` last. */
  cumulative(): [le: string, count: number][] {
    let sum = 0;
    const rows = boundsMs.map((bound, i): [string, number] => {
      sum += this.#counts[i] as number;
      return [String(bound / 1_000), sum];
    });
    return [...rows, ["+Inf", this.#count]];
  }
}
