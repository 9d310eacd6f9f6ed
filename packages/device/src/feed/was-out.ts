import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { rosterSeqBefore } from "../store/roster-entries.ts";

/** Whether this member, who is one again, was removed from the mesh at a place of the log: what went to many there was not for it. */
export function wasOut(
  ctx: DeviceContext,
  { mesh, member }: Pick<MembershipRow, "mesh" | "member">,
  logSeq: number,
): boolean {
  const roster = ctx.rosters.of(mesh);
  const end = roster.trustEnd(member, 0, roster.head.seq);
  // Few were ever removed: for the others nothing is looked up.
  if (end === undefined) return false;
  const place = rosterSeqBefore(ctx.store, mesh, logSeq);
  return place >= end.seq && roster.signKeyAt(member, place) === undefined;
}
