import type { Post } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { drainFeed } from "../../feed/drain-feed.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { listPosts, queuedPosts } from "../../store/post-rows.ts";
import { fetchPast, retryClosed } from "../../topics/fetch-past.ts";
import type { ResolvedTopic } from "../../topics/resolve-topic.ts";
import { showClosed, showPosts } from "../../topics/show-posts.ts";
import { askedMesh } from "../target-mesh.ts";
import { topicOf } from "./topic-of.ts";

interface Query {
  readonly limit: number;
  readonly before: number | undefined;
}

/** Posts of a topic, newest first, from what lies here; older ones are fetched, verified and opened. */
export const history: DeviceHandler<"topic.history"> = async (
  { limit, before, ...target },
  ctx,
) => {
  const { row, found } = await topicOf(ctx, target, askedMesh);
  const notes = await fetched(ctx, row, found, { limit, before });
  const below = before ?? Number.MAX_SAFE_INTEGER;
  retryClosed(ctx, row, found, { before: below, limit });
  const items = page(ctx, row, found, { limit, before });
  const last = items.findLast(({ seq }) => seq !== undefined)?.seq;
  return {
    items,
    ...(items.length < limit || last === undefined ? {} : { before: last }),
    notes: [...new Set(notes)],
  };
};

/** Brings what is missing; where the broker cannot be reached, what lies here is shown. */
async function fetched(
  ctx: DeviceContext,
  row: MembershipRow,
  found: ResolvedTopic,
  query: Query,
): Promise<string[]> {
  try {
    const feed = await drainFeed(ctx, row);
    await feed?.stop();
    return await ctx.links.using(row, (link) => fetchPast(ctx, row, link, found, query));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return ["the broker cannot be reached, so only what is stored here is shown"];
  }
}

function page(
  ctx: DeviceContext,
  row: MembershipRow,
  found: ResolvedTopic,
  { limit, before }: Query,
): Post[] {
  const { audience } = found;
  const place = { mesh: row.mesh, audience, self: row.member, limit };
  const between = { after: 0, before: before ?? Number.MAX_SAFE_INTEGER };
  const queued = before === undefined ? queuedPosts(ctx.store, place) : [];
  const rows = [...queued, ...listPosts(ctx.store, { ...place, ...between })];
  const posts = [
    ...showPosts(ctx, row, found, rows),
    ...showClosed(ctx, row, found, { ...between, limit }),
  ];
  const placeOf = ({ seq }: Post) => seq ?? Number.MAX_SAFE_INTEGER;
  return posts.sort((a, b) => placeOf(b) - placeOf(a)).slice(0, limit);
}
