interface BackoffRange {
  readonly firstMs: number;
  readonly mostMs: number;
}

const usual: BackoffRange = { firstMs: 250, mostMs: 30_000 };

/** A number in [0, 1) of 32 random bits. */
function fraction(random: (length: number) => Uint8Array): number {
  let value = 0;
  for (const byte of random(4)) value = value * 256 + byte;
  return value / 2 ** 32;
}

/**
 * Milliseconds to wait before the next try after `failures` in a row (1 or more): evenly spread between 0 and a ceiling that doubles ("full jitter"),
 * so that the clients of a restarted broker do not return all at once.
 */
export function backoffMs(
  failures: number,
  random: (length: number) => Uint8Array,
  range: BackoffRange = usual,
): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 30);
  const ceiling = Math.min(range.mostMs, range.firstMs * 2 ** doublings);
  return Math.floor(fraction(random) * ceiling);
}
