import { signProfile } from "@claudemesh/crypto";
import { editableFields, MeshError, type Policy, type ProfileFields } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { type MembershipRow, setDisplayName } from "../../store/memberships.ts";
import { profileOf, putProfile } from "../../store/profiles.ts";
import { refreshMembers } from "../refresh-members.ts";

type Change = Partial<ProfileFields>;

/** One's own profile as this home knows it. */
export function ownProfile(
  ctx: DeviceContext,
  row: MembershipRow,
): { readonly version: number; readonly fields: ProfileFields } {
  const profile = profileOf(ctx.store, row.mesh, row.member);
  return {
    version: profile?.version ?? 0,
    fields: profile?.fields ?? { displayName: row.display_name },
  };
}

/**
 * Signs the next version of one's profile with a change to the newest one, and has the broker take it; nothing where there is nothing to change. Answers the fields as they are then.
 * Throws `forbidden` naming the fields that only admins may change here.
 */
export async function changeProfile(
  ctx: DeviceContext,
  row: MembershipRow,
  change: (before: ProfileFields) => Change | undefined,
): Promise<ProfileFields> {
  return ctx.links.using(row, async (link) => {
    await refreshMembers(ctx, row, link);
    const roster = ctx.rosters.of(row.mesh);
    const before = ownProfile(ctx, row);
    const changed = change(before.fields);
    if (changed === undefined) return before.fields;
    const role = roster.members.get(row.member)?.role;
    if (role !== "owner" && role !== "admin") requireEditable(changed, roster.policy);
    const profile = signProfile(
      {
        mesh: row.mesh,
        member: row.member,
        version: before.version + 1,
        fields: { ...before.fields, ...changed },
        at: ctx.now() + link.clockAheadMs,
      },
      ctx.secretOf(row).signer,
    );
    await link.client.member.update({ profile });
    ctx.store.write(() => {
      putProfile(ctx.store, profile);
      setDisplayName(ctx.store, row.mesh, profile.fields.displayName);
    });
    return ownProfile(ctx, row).fields;
  });
}

function requireEditable(change: Change, { selfEditable }: Policy): void {
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
