import type { MemberId, MemberPresence, Profile } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { storeProfile } from "../feed/take-profile.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { profileOf, profileTexts } from "../store/profiles.ts";

/** Profiles that are verified and stored before others of the process have their turn. */
const atOnce = 100;

/** Fetches roster and profiles, verifies and stores them; answers what the broker says of each member besides. */
export async function refreshMembers(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
): Promise<MemberPresence[]> {
  const { items } = await link.client.member.list({});
  await syncRoster(ctx.rosters, row.mesh, link.client);
  // The order of the broker's list must not decide who bears a name first; the roster's does.
  const { members } = ctx.rosters.of(row.mesh);
  const place = (member: MemberId) => members.get(member)?.joinedSeq ?? Number.MAX_SAFE_INTEGER;
  // What was verified and stored before is not verified again: in a large mesh that is nearly everything.
  const known = profileTexts(ctx.store, row.mesh);
  const profiles = items
    .flatMap(({ profile }) => profile ?? [])
    .filter((profile) => known.get(profile.member) !== JSON.stringify(profile))
    .sort((a, b) => place(a.member) - place(b.member));
  for (let from = 0; from < profiles.length && !ctx.checks.isStopped; from += atOnce) {
    if (from > 0) await ctx.checks.turn();
    ctx.store.write(() => {
      for (const profile of profiles.slice(from, from + atOnce)) {
        // Another listing may have stored it meanwhile.
        if (from > 0 && isStored(ctx, row, profile)) continue;
        storeProfile(ctx, row, profile);
      }
    });
  }
  return items;
}

const isStored = ({ store }: DeviceContext, { mesh }: MembershipRow, profile: Profile): boolean =>
  JSON.stringify(profileOf(store, mesh, profile.member)) === JSON.stringify(profile);
