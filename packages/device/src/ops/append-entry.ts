import { nextEntry, type Roster } from "@claudemesh/crypto";
import { type EntryOf, MeshError, type RosterType } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { allowed } from "../mesh-link/allowed-by-newest.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import type { MembershipRow } from "../store/memberships.ts";

const maxTries = 10;

/**
 * Signs an entry for the roster's tail and has it appended. After a conflict the act is checked against the newer roster and signed again. Throws what
 * `Roster.check` and the broker refuse.
 */
export async function appendEntry<T extends Exclude<RosterType, "genesis" | "join">, R>(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  act: {
    readonly type: T;
    /** made for the roster as it is now; throws when the act is not wanted or allowed any more */
    readonly body: (roster: Roster) => EntryOf<T>["body"];
    readonly send: (entry: EntryOf<T>) => Promise<R>;
  },
): Promise<R> {
  const { signer } = ctx.secretOf(row);
  for (let tries = 1; ; tries++) {
    const roster = ctx.rosters.of(row.mesh);
    const now = ctx.now() + link.clockAheadMs;
    const entry = await allowed(ctx, row, link, () => {
      const made = nextEntry(roster, act.type, act.body(roster), { signer, now });
      roster.check(made);
      return made;
    });
    if (entry === undefined) continue;
    try {
      const answer = await act.send(entry);
      ctx.rosters.take(row.mesh, [entry]);
      return answer;
    } catch (error) {
      const isConflict = error instanceof MeshError && error.code === "roster_conflict";
      if (!isConflict || tries >= maxTries) throw error;
      await syncRoster(ctx.rosters, row.mesh, link.client);
    }
  }
}
