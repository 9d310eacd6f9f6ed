import { verifyProfile } from "@claudemesh/crypto";
import { MeshError, type Profile } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { groupsOf } from "../names/groups.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { putProfile } from "../store/profiles.ts";
import { forgetOtherGroups } from "../store/received-counters.ts";
import type { FeedScope } from "./feed-scope.ts";

/** Stores a profile that its member signed; a forged one becomes a notice. */
export async function takeProfile(
  ctx: DeviceContext,
  scope: FeedScope,
  profile: Profile,
): Promise<void> {
  if (!ctx.rosters.of(scope.row.mesh).members.has(profile.member)) await scope.syncRoster();
  const isGood = storeProfile(ctx, scope.row, profile);
  if (!isGood || profile.member !== scope.row.member) return;
  // From this place of the log on this member is in these groups alone; what goes to others meanwhile is not missing when it comes back to them.
  const { mesh } = scope.row;
  ctx.store.write(() => forgetOtherGroups(ctx.store, mesh, [...groupsOf(profile)]));
}

/** Stores a profile whose member my chain knows. Answers whether it was good. */
export function storeProfile(ctx: DeviceContext, row: MembershipRow, profile: Profile): boolean {
  if (isOutdated(ctx, row, profile)) return false;
  const wrong = doubt(ctx, row, profile);
  if (wrong === undefined) {
    putProfile(ctx.store, profile);
    return true;
  }
  addNotice(ctx.store, {
    mesh: row.mesh,
    key: `profile:${profile.member}:${profile.version}`,
    code: wrong.code,
    text: `a profile from the broker was refused: ${wrong.message}`,
    at: ctx.now(),
  });
  return false;
}

/** Signed with keys that the member has no more: it signs it anew as soon as it is there, and one who has those keys can say nothing with it. */
function isOutdated(ctx: DeviceContext, { mesh }: MembershipRow, profile: Profile): boolean {
  const roster = ctx.rosters.of(mesh);
  const now = roster.members.get(profile.member)?.keys.sign;
  return profile.author !== now && roster.memberByKey(profile.author)?.id === profile.member;
}

function doubt(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  profile: Profile,
): MeshError | undefined {
  if (profile.mesh !== mesh) return new MeshError("forbidden", "the profile is of another mesh");
  const member = ctx.rosters.of(mesh).members.get(profile.member);
  if (member === undefined) return new MeshError("not_member", "the profile is of no member");
  try {
    verifyProfile(profile, member.keys.sign);
    return undefined;
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
}
