import type { Membership } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { rosterCheckOf } from "../mesh-link/roster-checks.ts";
import { unreadCount } from "../store/inbox-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { unreadNotifications } from "../store/notification-rows.ts";
import { findableTopics } from "../topics/findable-topics.ts";

/** A membership as this home knows it, without asking anyone. */
export function describeMembership(ctx: DeviceContext, row: MembershipRow): Membership {
  const roster = ctx.rosters.seen(row.mesh);
  const rosterCheck = rosterCheckOf(ctx, row.mesh);
  const role = roster.members.get(row.member)?.role ?? "guest";
  const warning = ownerWarning(ctx, role, roster.ownerCount);
  return {
    id: row.mesh,
    slug: row.slug,
    name: roster.policy.name,
    broker: row.broker,
    member: row.member,
    displayName: row.display_name,
    role,
    members: roster.memberCount,
    ...countsIn(ctx, row),
    ...(warning === undefined ? {} : { warning }),
    ...(rosterCheck === undefined ? {} : { rosterCheck }),
  };
}

/** What waits in a mesh, and what there is to read. */
export const countsIn = (ctx: DeviceContext, row: MembershipRow) => ({
  // Of a held mesh nothing is shown, and nothing can be found.
  topics: ctx.rosters.heldBy(row.mesh) === undefined ? findableTopics(ctx, row).length : 0,
  unread: unreadCount(ctx.store, row.mesh),
  mentions: unreadNotifications(ctx.store, [row.mesh]),
});

/** Said, never enforced: a mesh whose only owner loses this home has no owner any more, unless a backup brings it back. */
export const ownerWarning = (
  { store }: Pick<DeviceContext, "store">,
  role: string,
  owners: number,
): string | undefined =>
  role === "owner" && owners === 1 && !isBackedUp(store)
    ? "you are its only owner and there is no backup: losing this home loses the mesh"
    : undefined;

const isBackedUp = (store: DeviceContext["store"]): boolean =>
  store.get("SELECT 1 FROM backup_made") !== undefined;
