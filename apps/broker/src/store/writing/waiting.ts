/** Beyond either, a write is refused at once instead of waiting in memory. */
export const mostWaiting = 20_000;
export const mostWaitingChars = 128 * 1024 * 1024;

/** Measures writes, from their request to the answer that they are on stable storage. */
export interface WriteMeter {
  /** a monotonic clock, ms */
  readonly ticks: () => number;
  readonly wrote: (ms: number, appended: boolean) => void;
}

/** What an input weighs while it waits: its bodies, and a flat share for the rest. */
export function charsOf(input: object): number {
  const flat = 1024;
  if ("body" in input && typeof input.body === "string") return flat + input.body.length;
  if ("receipts" in input && Array.isArray(input.receipts)) {
    return (input.receipts as { body: string }[]).reduce(
      (sum, { body }) => sum + body.length,
      flat,
    );
  }
  return flat;
}
