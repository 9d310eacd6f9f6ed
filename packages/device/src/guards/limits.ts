import { limits } from "@claudemesh/protocol";

/** What the guards of a home allow. */
export interface GuardLimits {
  /** messages of agents in a thread since a person last wrote in it */
  readonly hops: number;
  /** messages of agents from one member to another in `burstMs`; what is received may be twice that, since clocks and lines differ */
  readonly burst: number;
  readonly burstMs: number;
  /** the same text, from the same member to the same recipient in answer to the same message, counts once in this time */
  readonly repeatMs: number;
}

export const defaultGuards: GuardLimits = {
  hops: limits.hops,
  burst: 60,
  burstMs: 10_000,
  repeatMs: 30_000,
};
