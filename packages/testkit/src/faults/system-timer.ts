import type { Timer } from "./channel.ts";

/** The real timer. */
export const systemTimer: Timer = (ms, fn) => {
  const handle = setTimeout(fn, ms);
  return () => clearTimeout(handle);
};
