import { type MemberId, type Notification, topicOf } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { drainFeed } from "../../feed/drain-feed.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { type NamedMember, namedMembers } from "../../names/member-names.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { plainAuthor } from "../../plain/author.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";
import {
  type FullNotification,
  listNotifications,
  unreadNotifications,
} from "../../store/notification-rows.ts";
import { topicName } from "../../topics/topic-name.ts";

/** characters of a message that are shown */
const beginning = 200;

/** What named this member, of all meshes of this home or of one. */
export const list: DeviceHandler<"notification.list"> = async (input, ctx) => {
  const all = listMemberships(ctx.store);
  const rows = input.mesh === undefined ? all : [resolveMesh(input.mesh, all)];
  await Promise.all(rows.map((row) => fetch(ctx, row)));
  const meshes = rows.map(({ mesh }) => mesh);
  const since = input.since === undefined ? 0 : ctx.now() - input.since;
  const { limit, unread } = input;
  const found = listNotifications(ctx.store, { meshes, unread, since, limit });
  return {
    items: rows.length === 0 ? [] : shown(ctx, rows, found),
    unread: unreadNotifications(ctx.store, meshes),
  };
};

async function fetch(ctx: DeviceContext, row: MembershipRow): Promise<void> {
  try {
    await (await drainFeed(ctx, row))?.stop();
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
}

function shown(
  ctx: DeviceContext,
  rows: readonly MembershipRow[],
  found: readonly FullNotification[],
): Notification[] {
  const known = new Map(
    rows.map((row) => [
      row.mesh,
      { row, names: namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh)) },
    ]),
  );
  return found.flatMap((one) => {
    const of = known.get(one.mesh);
    if (of === undefined) return [];
    const id = one.audience === null ? undefined : topicOf(one.audience);
    const topic = id && topicName(ctx.store, one.mesh, id);
    return {
      id: one.message,
      mesh: { id: one.mesh, slug: of.row.slug },
      ...(topic === undefined ? {} : { topic }),
      from: authorOf(one, of.names),
      text: one.text.slice(0, beginning),
      at: one.at,
      read: one.read_at !== null,
    };
  });
}

function authorOf(
  { plain, sender }: FullNotification,
  names: ReadonlyMap<MemberId, NamedMember>,
): Notification["from"] {
  const author = plainAuthor(plain);
  if (author === undefined) return { member: sender, name: names.get(sender)?.name ?? sender };
  return { member: author.owner, name: `${author.name} (via the broker, unverified)` };
}
