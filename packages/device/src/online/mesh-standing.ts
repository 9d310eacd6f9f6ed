import type { MeshId, RosterCheck } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { framedHint } from "../framing/mesh-hint.ts";
import { rosterCheckOf } from "../mesh-link/roster-checks.ts";
import { unreadCount } from "../store/inbox-rows.ts";
import { listMemberships } from "../store/memberships.ts";
import { unreadNotifications } from "../store/notification-rows.ts";
import { queuedCount } from "../store/outbox-rows.ts";
import type { LinkStanding } from "./device-events.ts";

/** One mesh of this home as it stands now. */
export interface MeshStanding {
  readonly id: MeshId;
  readonly slug: string;
  readonly broker: string;
  /** undefined where the connection is not kept */
  readonly link: LinkStanding | undefined;
  /** messages that wait here to be sent */
  readonly queued: number;
  /** messages that wait here to be shown */
  readonly unread: number;
  /** messages that name this member and that it has not read */
  readonly mentions: number;
  /** how far its roster was verified, where not all of it was */
  readonly rosterCheck?: RosterCheck;
  /** what agents that start in it are told, where its admins say something */
  readonly hint?: string;
}

/** How each mesh of this home stands, the oldest membership first. */
export function standingOf(ctx: DeviceContext): MeshStanding[] {
  const links = ctx.online.standings();
  return listMemberships(ctx.store).map(({ mesh, slug, broker }) => ({
    ...hintOf(ctx, mesh, slug),
    ...checkIn(ctx, mesh),
    id: mesh,
    slug,
    broker,
    link: links.get(mesh),
    queued: queuedCount(ctx.store, mesh),
    unread: unreadCount(ctx.store, mesh),
    mentions: unreadNotifications(ctx.store, [mesh]),
  }));
}

function hintOf({ rosters }: DeviceContext, mesh: MeshId, slug: string): { hint?: string } {
  const { hint } = rosters.seen(mesh).policy;
  return hint === undefined || rosters.heldBy(mesh) !== undefined
    ? {}
    : { hint: framedHint(slug, hint) };
}

function checkIn(ctx: DeviceContext, mesh: MeshId): { rosterCheck?: RosterCheck } {
  const rosterCheck = rosterCheckOf(ctx, mesh);
  return rosterCheck === undefined ? {} : { rosterCheck };
}
