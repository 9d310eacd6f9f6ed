/** Repeatable randomness for faults and loads; not for keys. */
export interface Seeded {
  /** in [0, 1) */
  fraction(): number;
  /** an integer in [0, below) */
  below(below: number): number;
  /** an integer in [from, to] */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** Throws for an empty list. */
  pick<T>(items: readonly T[]): T;
  /** a stream of its own, which draws from this one only now */
  fork(): Seeded;
}

/** The same seed (an unsigned 32-bit integer) gives the same draws: mulberry32. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => fraction() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError("nothing to pick from");
      return items[below(items.length)] as (typeof items)[number];
    },
    fork: () => seeded(below(2 ** 32)),
  };
}
