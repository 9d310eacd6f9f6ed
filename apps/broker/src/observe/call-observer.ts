import type { ErrorCode } from "@claudemesh/protocol";
import type { Call } from "../dispatch.ts";
import type { Logger } from "../logger.ts";

/** Told when a call begins; answers what is told when it has ended. There is none unless somebody asked to see calls, so that they cost nothing then. */
export type CallObserver = (call: Call) => (outcome: "ok" | ErrorCode) => void;

/** Every call as a line of the log, for level debug: never what it carries. */
export const loggedCalls =
  (log: Logger, ticks: () => number): CallObserver =>
  ({ actor, caller, op, requestId }) => {
    const began = ticks();
    return (outcome) => {
      const ms = Math.round((ticks() - began) * 1_000) / 1_000;
      const { address } = caller;
      log.debug("call", { requestId, op, outcome, ms, address, ...actor });
    };
  };

/** One observer of all that are there. */
export function allObservers(
  observers: readonly (CallObserver | undefined)[],
): CallObserver | undefined {
  const there = observers.filter((observer) => observer !== undefined);
  const [only] = there;
  if (there.length <= 1) return only;
  return (call) => {
    const ends = there.map((observer) => observer(call));
    return (outcome) => {
      for (const end of ends) end(outcome);
    };
  };
}
