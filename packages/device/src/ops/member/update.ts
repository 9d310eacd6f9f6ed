import { signProfile } from "@claudemesh/crypto";
import { editableFields, MeshError, type Policy, type ProfileFields } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { type MembershipRow, setDisplayName } from "../../store/memberships.ts";
import { profilesOf, putProfile } from "../../store/profiles.ts";
import { refreshMembers } from "../refresh-members.ts";
import { targetMesh } from "../target-mesh.ts";

/** Shows one's profile; with something named, signs its next version. */
export const update: DeviceHandler<"member.update"> = async ({ mesh, ...named }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const change = Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== undefined),
  ) as Partial<ProfileFields>;
  if (Object.keys(change).length === 0) return show(ctx, row);
  return ctx.links.using(row, async (link) => {
    await refreshMembers(ctx, row, link);
    const roster = ctx.rosters.of(row.mesh);
    const role = roster.members.get(row.member)?.role;
    if (role !== "owner" && role !== "admin") requireEditable(change, roster.policy);
    const before = mine(ctx, row);
    const profile = signProfile(
      {
        mesh: row.mesh,
        member: row.member,
        version: before.version + 1,
        fields: { ...before.profile, ...change },
        at: ctx.now() + link.clockAheadMs,
      },
      ctx.secretOf(row).signer,
    );
    await link.client.member.update({ profile });
    ctx.store.write(() => {
      putProfile(ctx.store, profile);
      setDisplayName(ctx.store, row.mesh, profile.fields.displayName);
    });
    return mine(ctx, row);
  });
};

async function show(ctx: DeviceContext, row: MembershipRow) {
  try {
    await ctx.links.using(row, (link) => refreshMembers(ctx, row, link));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  return mine(ctx, row);
}

function mine(ctx: DeviceContext, row: MembershipRow) {
  const profile = profilesOf(ctx.store, row.mesh).get(row.member);
  return {
    member: row.member,
    version: profile?.version ?? 0,
    profile: profile?.fields ?? { displayName: row.display_name },
  };
}

function requireEditable(change: Partial<ProfileFields>, { selfEditable }: Policy): void {
  const refused = editableFields.filter(
    (field) => change[field] !== undefined && !selfEditable.includes(field),
  );
  if (refused.length === 0) return;
  throw new MeshError(
    "forbidden",
    `the mesh's policy lets only admins change: ${refused.join(", ")}`,
    {
      hint: "an admin can change this with `claudemesh mesh settings --self-editable`",
      detail: { fields: refused },
    },
  );
}
