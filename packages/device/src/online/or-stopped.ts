import { MeshError } from "@claudemesh/protocol";

/** Settles with `work`, or rejects as soon as the caller is stopped; the work goes on by itself then. */
export async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new MeshError("cancelled", "the call was stopped"));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
