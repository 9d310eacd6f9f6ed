import { MeshError, type RosterHead } from "@claudemesh/protocol";
import { fork } from "./check.ts";
import type { Roster } from "./roster.ts";

/** Where a claimed head stands as seen from a verified chain. */
export type HeadPlace = "same" | "behind" | "ahead" | "fork";

/** Where `head` stands seen from `roster`: `behind` lies on it, `ahead` is yet to be proven, `fork` contradicts it. */
export function compareHead(roster: Roster, head: RosterHead): HeadPlace {
  if (head.seq > roster.head.seq) return "ahead";
  if (roster.hashAt(head.seq) !== head.hash) return "fork";
  return head.seq === roster.head.seq ? "same" : "behind";
}

/**
 * Refuses a verified chain that does not contain the highest head verified before: `log_mismatch` when it ends earlier
 * (rolled back), `roster_fork` with both heads when it says something else there.
 */
export function requireExtends(roster: Roster, verified: RosterHead): void {
  const place = compareHead(roster, verified);
  if (place === "ahead") {
    const message = `the roster was rolled back: it ends at ${roster.head.seq}, but ${verified.seq} was verified before`;
    throw new MeshError("log_mismatch", message, { detail: { head: roster.head, verified } });
  }
  if (place === "fork") {
    throw fork(verified.seq, verified.hash, roster.hashAt(verified.seq) ?? "");
  }
}
