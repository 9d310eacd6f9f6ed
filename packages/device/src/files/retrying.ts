import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";

const pausesMs = [250, 1_000, 3_000] as const;

const passes = (error: unknown): boolean =>
  isUnreachable(error) || (error instanceof MeshError && error.code === "rate_limited");

/** Tries again after what passes by itself then throws it: a transfer survives a cut without starting over. `renew` is called when the ticket's time is over. */
export async function retrying<T>(
  { closing, timer }: Pick<DeviceContext, "closing" | "timer">,
  renew: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      const isOver = error instanceof MeshError && error.code === "unauthorized";
      const pause = pausesMs[failures];
      failures += 1;
      if (pause === undefined || closing.signal.aborted || !(isOver || passes(error))) throw error;
      if (isOver) {
        await renew();
        continue;
      }
      const wait = error instanceof MeshError ? (error.retryAfterMs ?? pause) : pause;
      await paused(timer, Math.min(wait, 10_000), closing.signal);
    }
  }
}

function paused(timer: DeviceContext["timer"], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = timer(ms, done);
    signal.addEventListener("abort", done, { once: true });
  });
}
