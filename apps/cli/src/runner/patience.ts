import { MeshError } from "@claudemesh/protocol/light";
import type { Session } from "./session.ts";

/** The longest that a verb waits, in all, for a broker that asks it to slow down. */
const mostMs = 30_000;

/** Asks again after the pause that a `rate_limited` broker names, saying so; gives up with its error when that would be too long or at Ctrl-C. */
export async function patiently<T>(session: Session, ask: () => Promise<T>): Promise<T> {
  const { signal } = session.host;
  let waited = 0;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const pause = error instanceof MeshError ? pauseOf(error) : undefined;
      if (pause === undefined || signal.aborted || waited + pause > mostMs) throw error;
      session.note(`the broker asks for a pause of ${Math.ceil(pause / 1_000)} s; waiting`);
      waited += pause;
      await quiet(pause, signal);
    }
  }
}

const pauseOf = ({ code, retryAfterMs }: MeshError): number | undefined =>
  code === "rate_limited" && retryAfterMs !== undefined ? Math.max(retryAfterMs, 50) : undefined;

const quiet = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
