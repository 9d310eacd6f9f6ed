import type { ProfileFields } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { changeGrants } from "../../trust/change-grants.ts";
import { requirePerson } from "../guard/only-people.ts";
import { refreshMembers } from "../refresh-members.ts";
import { targetMesh } from "../target-mesh.ts";
import { changeProfile, ownProfile } from "./change-profile.ts";

/** Shows one's profile; with something named, signs its next version. */
export const update: DeviceHandler<"member.update"> = async (input, ctx) => {
  const { mesh, defaultGrants, ...named } = input;
  const row = targetMesh(ctx, mesh);
  if (defaultGrants !== undefined) {
    requirePerson(ctx, "change what peers may do to you");
    await changeGrants(ctx, row, ({ rules }) => ({ defaults: defaultGrants, rules }));
  }
  const change = Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== undefined),
  ) as Partial<ProfileFields>;
  if (Object.keys(change).length === 0) await refresh(ctx, row);
  else await changeProfile(ctx, row, () => change);
  const { version, fields } = ownProfile(ctx, row);
  return { member: row.member, version, profile: fields };
};

async function refresh(ctx: DeviceContext, row: MembershipRow): Promise<void> {
  try {
    await ctx.links.using(row, (link) => refreshMembers(ctx, row, link));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
}
