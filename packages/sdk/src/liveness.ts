import { limits } from "@claudemesh/protocol";
import type { Timer } from "./timer.ts";

export interface LivenessEvents {
  /** frames heard so far */
  heard(): number;
  /** silence: ask for a sign of life */
  probe(): void;
  /** the probe was not answered */
  dead(): void;
}

const tickMs = limits.deadPeerMs / 5;
const probeAfterTicks = 2;
const deadAfterTicks = 4;

/**
 * Finds a peer that is gone without a close. The broker's pings are invisible to a browser's socket, so silence is probed from this side:
 * within `limits.deadPeerMs` of the last frame the connection is known to be alive or given up. Answers a canceller.
 */
export function watchLiveness(timer: Timer, events: LivenessEvents): () => void {
  let last = events.heard();
  let silent = 0;
  const tick = (): void => {
    cancel = timer(tickMs, tick);
    const heard = events.heard();
    silent = heard === last ? silent + 1 : 0;
    last = heard;
    if (silent === probeAfterTicks) events.probe();
    if (silent >= deadAfterTicks) events.dead();
  };
  let cancel = timer(tickMs, tick);
  return () => cancel();
}
