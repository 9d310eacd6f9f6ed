/** Whole numbers from a seed (mulberry32): `next(n)` is in 0 … n − 1. The same seed gives the same course again. */
export class SeededNumbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }
}

/** The seed of this run: `SEED`, or 1. A change is judged by the same courses each time; `npm run hunt` looks for others. */
export const seedOfRun = (): number => Number(process.env.SEED ?? 1);
