import { compareHead } from "@claudemesh/crypto";
import { limits, MeshError, type MeshId, RosterHead } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { Rosters } from "../mesh-link/rosters.ts";

type Taker = { readonly roster: Pick<Client["roster"], "repeat"> };

/**
 * Gives a restored broker, whose roster ends at `head`, the entries that were verified here beyond it. Answers where its roster ends then. What it refuses since others were first
 * is found out by whoever compares the two.
 */
export async function bringBackRoster(
  rosters: Rosters,
  mesh: MeshId,
  client: Taker,
  head: RosterHead,
): Promise<RosterHead> {
  if (compareHead(rosters.of(mesh), head) !== "behind") return head;
  let at = head;
  try {
    const missing = rosters.entriesAfter(mesh, head.seq);
    for (let from = 0; from < missing.length; from += limits.rosterRepeat) {
      const entries = missing.slice(from, from + limits.rosterRepeat);
      at = (await client.roster.repeat({ mesh, entries })).head;
    }
  } catch (error) {
    const isRefusal = error instanceof MeshError && error.row.retry === "never";
    const isRace = error instanceof MeshError && error.code === "roster_conflict";
    if (!isRefusal && !isRace) throw error;
  }
  return at;
}

/** Where the roster of a broker ends that does not know a member's keys because it was restored; undefined for every other refusal. */
export function restoredHead(error: unknown): RosterHead | undefined {
  if (!(error instanceof MeshError) || error.detail?.reason !== "restored") return undefined;
  return RosterHead.safeParse(error.detail.head).data;
}
