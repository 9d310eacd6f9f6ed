import { signGrants } from "@claudemesh/crypto";
import type { Grants } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { ownGrants } from "../store/grants-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { keepGrants } from "./keep-grants.ts";

export type Wish = Pick<Grants, "defaults" | "rules">;

/** Signs the next version of what others may do, on top of the newest that any device of this member has said, and has the broker keep to it. */
export const changeGrants = (
  ctx: DeviceContext,
  row: MembershipRow,
  change: (before: Wish) => Wish,
): Promise<void> =>
  ctx.links.using(row, async (link) => {
    await syncRoster(ctx.rosters, row.mesh, link.client);
    const { grants: newest } = await link.client.grant.list({});
    // What was signed with the keys before the newest is this home's own word still, where it is known here.
    const isOwn = newest?.author === ctx.rosters.of(row.mesh).members.get(row.member)?.keys.sign;
    if (newest !== undefined && isOwn) keepGrants(ctx, row, newest);
    const before = ownGrants(ctx.store, row.mesh);
    const { defaults, rules } = change(before ?? { rules: [] });
    const grants = signGrants(
      {
        mesh: row.mesh,
        member: row.member,
        version: Math.max(before?.version ?? 0, newest?.version ?? 0) + 1,
        ...(defaults === undefined ? {} : { defaults }),
        rules,
        at: Math.round(ctx.now() + link.clockAheadMs),
      },
      ctx.secretOf(row).signer,
    );
    await link.client.grant.set({ grants });
    keepGrants(ctx, row, grants);
  });
