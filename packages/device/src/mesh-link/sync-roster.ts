import { compareHead } from "@claudemesh/crypto";
import { MeshError, type MeshId, type RosterHead } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { Rosters } from "./rosters.ts";

/**
 * Brings my verified chain up to the broker's. Throws `log_mismatch` when the broker's ends before what was verified here (rolled back) or before
 * the head it names, and `roster_fork` with both heads when it says something else in a known place.
 */
export async function syncRoster(
  rosters: Rosters,
  mesh: MeshId,
  client: { readonly roster: Pick<Client["roster"], "list"> },
  claimed?: RosterHead,
): Promise<void> {
  if (claimed !== undefined) {
    const place = compareHead(rosters.of(mesh), claimed);
    if (place === "same") return;
    if (place === "fork") throw forked(rosters, mesh, claimed);
  }
  for (;;) {
    const before = rosters.of(mesh).head;
    const page = await client.roster.list({ after: before.seq });
    const added = rosters.take(mesh, page.items);
    const roster = rosters.of(mesh);
    if (page.head.seq < before.seq) throw rolledBack(before, page.head);
    const place = compareHead(roster, page.head);
    if (place === "fork") throw forked(rosters, mesh, page.head);
    if (place !== "ahead") return requireHeld(rosters, mesh, claimed);
    if (added === 0) throw cutShort(roster.head, page.head);
  }
}

/** The list that the broker gave has to hold the head that it named before. */
function requireHeld(rosters: Rosters, mesh: MeshId, claimed: RosterHead | undefined): void {
  if (claimed === undefined) return;
  const roster = rosters.of(mesh);
  const place = compareHead(roster, claimed);
  if (place === "ahead") throw cutShort(roster.head, claimed);
  if (place === "fork") throw forked(rosters, mesh, claimed);
}

const advice = "do not trust this broker with the mesh until its operator has explained it";

const rolledBack = (verified: RosterHead, head: RosterHead): MeshError =>
  new MeshError(
    "log_mismatch",
    `the broker's roster was rolled back: it ends at entry ${head.seq}, but entry ${verified.seq} was verified here before`,
    { hint: advice, detail: { verified, head } },
  );

const cutShort = (verified: RosterHead, head: RosterHead): MeshError =>
  new MeshError(
    "log_mismatch",
    `the broker names entry ${head.seq} as the roster's last but gives none after ${verified.seq}`,
    { hint: advice, detail: { verified, head } },
  );

function forked(rosters: Rosters, mesh: MeshId, claimed: RosterHead): MeshError {
  const hash = rosters.of(mesh).hashAt(claimed.seq);
  return new MeshError(
    "roster_fork",
    `the broker shows another roster than the one verified here: entry ${claimed.seq} differs`,
    { hint: advice, detail: { known: { seq: claimed.seq, hash }, claimed } },
  );
}
