/** Runs `fn` after `ms`; answers a canceller, which may be called more than once. */
export type Timer = (ms: number, fn: () => void) => () => void;

/** Beyond this a timer of the platform fires at once. */
const longestMs = 2 ** 31 - 1;

/** The platform's own timer. */
export const platformTimer: Timer = (ms, fn) => {
  const handle = setTimeout(fn, Math.min(ms, longestMs));
  return () => clearTimeout(handle);
};
