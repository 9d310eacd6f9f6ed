import type { In } from "../host.ts";

/** Settles when the process is asked to end. */
export const untilAsked = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Settles when a stream ends, also by the death of whoever held its other side. */
export const untilEnd = (stream: In): Promise<void> =>
  new Promise((resolve) => {
    stream
      .once("end", resolve)
      .once("close", resolve)
      .once("error", () => resolve());
    stream.resume();
  });
