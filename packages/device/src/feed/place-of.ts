import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { rosterSeqBefore } from "../store/roster-entries.ts";

/**
 * The newest roster entry before a place of the log, as far as this device saw their order: by it is judged which claimed heads were stale there. What came before the
 * member joined it did not see.
 */
export function placeOf(
  ctx: DeviceContext,
  { mesh, member }: Pick<MembershipRow, "mesh" | "member">,
  seq: number,
): number {
  const joined = ctx.rosters.of(mesh).members.get(member)?.joinedSeq ?? 0;
  return Math.max(joined, rosterSeqBefore(ctx.store, mesh, seq));
}
