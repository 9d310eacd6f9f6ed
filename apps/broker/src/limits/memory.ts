/** how old the last look may be */
const freshMs = 1_000;

/** Whether the process holds more memory than it may; looks at most once a second, and only when asked. */
export class MemoryBound {
  readonly #most: number;
  readonly #residentBytes: () => number;
  readonly #now: () => number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isOver = false;

  constructor(most: number, residentBytes: () => number, now: () => number) {
    this.#most = most;
    this.#residentBytes = residentBytes;
    this.#now = now;
  }

  get isOver(): boolean {
    const now = this.#now();
    if (Math.abs(now - this.#lookedAt) >= freshMs) {
      this.#lookedAt = now;
      this.#isOver = this.#residentBytes() > this.#most;
    }
    return this.#isOver;
  }
}
