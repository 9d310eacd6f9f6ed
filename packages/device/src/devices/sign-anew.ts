import type { DeviceContext } from "../context.ts";
import { changeProfile } from "../ops/member/change-profile.ts";
import { ownGrants } from "../store/grants-rows.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";
import { profileOf } from "../store/profiles.ts";
import { changeGrants } from "../trust/change-grants.ts";

/** Signs with the member's new keys what it has said of itself under those before: whoever joins from now on takes nothing else. */
export async function signAnew(ctx: DeviceContext, { mesh }: MembershipRow): Promise<void> {
  const row = getMembership(ctx.store, mesh);
  if (row === undefined) return;
  const profile = profileOf(ctx.store, mesh, row.member);
  if (profile !== undefined && profile.author !== row.sign_key) {
    await changeProfile(ctx, row, () => ({}));
  }
  const grants = ownGrants(ctx.store, mesh);
  if (grants !== undefined && grants.author !== row.sign_key) {
    await changeGrants(ctx, row, (before) => before);
  }
}
