import type { Roster } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";

/** What a sender is told whose roster is older than the last removal or key change. */
export const staleRoster = (roster: Roster, barrier: number): MeshError =>
  new MeshError("roster_stale", "the sender's roster is older than a removal or key change", {
    hint: "read the roster, seal again under its head, and send with the same id",
    detail: { barrier: { seq: barrier, hash: roster.hashAt(barrier) }, head: roster.head },
  });

/** What a sender is told who claims a roster head that this broker does not have: taken as it is, it would wait at the recipient for ever. */
export const aheadOfBroker = (roster: Roster, claimed: number): MeshError =>
  new MeshError(
    "log_mismatch",
    `the sender's roster is at entry ${claimed}, the broker's at ${roster.head.seq}`,
    {
      hint: "the broker may have been restored from an older copy: ask its operator",
      detail: { head: roster.head },
    },
  );
