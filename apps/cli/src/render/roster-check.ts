import type { RosterCheck } from "@claudemesh/protocol";

/** How far a roster was verified, in a few words. */
export const verifiedSoFar = (check: RosterCheck | undefined): string =>
  check === undefined ? "all verified" : `${check.verified} of ${check.of} entries verified`;
