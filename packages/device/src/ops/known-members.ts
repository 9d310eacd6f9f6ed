import type { MemberId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { type NamedMember, namedMembers } from "../names/member-names.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { refreshMembers } from "./refresh-members.ts";

/** Everyone of a mesh by the newest roster and profiles that can be had: the broker's, or without it what this home has verified. */
export async function knownMembers(
  ctx: DeviceContext,
  row: MembershipRow,
): Promise<Map<MemberId, NamedMember>> {
  try {
    await ctx.links.using(row, (link) => refreshMembers(ctx, row, link));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  return namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
}
