/** The `q`-quantile (0 to 1) of unsorted samples by nearest rank; NaN when there are none. */
export function quantile(samples: readonly number[], q: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Runs `work` with `inFlight` at once for `ms`; answers how many finished per second, and how long each took in ms. */
export async function saturate(
  inFlight: number,
  ms: number,
  work: (n: number) => Promise<void>,
): Promise<{ perSecond: number; latencies: number[] }> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + ms;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const began = performance.now();
      await work(next++);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { perSecond: (latencies.length * 1000) / (performance.now() - start), latencies };
}
