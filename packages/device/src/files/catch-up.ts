import { type FileNews, type MeshId, topicOf } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { fetchKeys } from "../keys/fetch-keys.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { topicRow } from "../store/topic-rows.ts";
import { refreshTopics } from "../topics/refresh-topics.ts";

/** Learns what files speak of and this home does not know yet: a newer roster, the keys that they are sealed under, the names of their topics. Asks nothing where nothing is missing. */
export async function catchUp(
  ctx: DeviceContext,
  row: MembershipRow,
  news: readonly FileNews[],
): Promise<void> {
  const { mesh } = row;
  const { head } = ctx.rosters.of(mesh);
  if (news.some(({ manifest }) => manifest.head.seq > head.seq)) {
    await ctx.links.using(row, ({ client }) => syncRoster(ctx.rosters, mesh, client));
  }
  if (news.some((one) => isKeyMissing(ctx, mesh, one))) {
    await ctx.links.using(row, (link) => fetchKeys(ctx, row, link));
  }
  const isUnknown = ({ manifest: { to } }: FileNews) => {
    const topic = to === undefined ? undefined : topicOf(to);
    return topic !== undefined && topicRow(ctx.store, mesh, topic) === undefined;
  };
  if (news.some(isUnknown)) await ctx.links.using(row, (link) => refreshTopics(ctx, row, link));
}

function isKeyMissing(
  ctx: DeviceContext,
  mesh: MeshId,
  { manifest: { to }, sealed, shared }: FileNews,
): boolean {
  if (sealed !== undefined || shared === undefined) return false;
  const topic = to === undefined ? undefined : topicOf(to);
  const ring = ctx.rings.of(mesh);
  const isPrivate = topic !== undefined && ctx.rosters.of(mesh).topics.has(topic);
  const { keyVersion } = shared;
  return (isPrivate ? ring.topicKey(topic, keyVersion) : ring.epochKey(keyVersion)) === undefined;
}
