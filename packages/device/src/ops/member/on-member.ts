import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { type NamedMember, namedMembers } from "../../names/member-names.ts";
import { resolveMember } from "../../names/resolve-member.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { refreshMembers } from "../refresh-members.ts";
import { targetMesh } from "../target-mesh.ts";

/** What an act on another member works with. */
export interface OnMember {
  readonly row: MembershipRow;
  readonly link: MeshLink;
  readonly who: NamedMember;
}

/** Runs an act on a member by the newest roster and names. Throws what naming the member throws, and `malformed` with `notSelf` for oneself. */
export async function onMember<T>(
  ctx: DeviceContext,
  named: { readonly mesh: string | undefined; readonly member: string; readonly notSelf?: string },
  act: (on: OnMember) => Promise<T>,
): Promise<T> {
  const row = targetMesh(ctx, named.mesh);
  return ctx.links.using(row, async (link) => {
    await refreshMembers(ctx, row, link);
    const members = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
    const who = resolveMember(named.member, [...members.values()]);
    if (named.notSelf !== undefined && who.id === row.member) {
      throw new MeshError("malformed", `member: that is you; ${named.notSelf}`, {
        detail: { field: "member" },
      });
    }
    return act({ row, link, who });
  });
}
