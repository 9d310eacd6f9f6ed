import type { Post } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { drainFeed } from "../../feed/drain-feed.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { listPosts, queuedPosts } from "../../store/post-rows.ts";
import type { Conversation } from "../../topics/conversation.ts";
import { fetchPast, retryClosed } from "../../topics/fetch-past.ts";
import { showClosed, showPosts } from "../../topics/show-posts.ts";
import { askedMesh } from "../target-mesh.ts";
import { conversationOf } from "./topic-of.ts";

interface Query {
  readonly limit: number;
  readonly before: number | undefined;
}

/** Posts of a topic, newest first, from what lies here; older ones are fetched, verified and opened. Of a dm the broker keeps nothing that was stored. */
export const history: DeviceHandler<"topic.history"> = async (
  { limit, before, ...target },
  ctx,
) => {
  const asked = await conversationOf(ctx, target, askedMesh);
  const notes = await fetched(ctx, asked, { limit, before });
  const { row, topic } = asked;
  const below = before ?? Number.MAX_SAFE_INTEGER;
  if (topic !== undefined) retryClosed(ctx, row, topic, { before: below, limit });
  const items = page(ctx, asked, { limit, before });
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
  { row, topic }: Conversation,
  query: Query,
): Promise<string[]> {
  try {
    const feed = await drainFeed(ctx, row);
    await feed?.stop();
    if (topic === undefined) return [];
    return await ctx.links.using(row, (link) => fetchPast(ctx, row, link, topic, query));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return ["the broker cannot be reached, so only what is stored here is shown"];
  }
}

function page(
  ctx: DeviceContext,
  { place, row, topic }: Conversation,
  { limit, before }: Query,
): Post[] {
  const here = { mesh: row.mesh, place, self: row.member, limit };
  const between = { after: 0, before: before ?? Number.MAX_SAFE_INTEGER };
  const queued = before === undefined ? queuedPosts(ctx.store, here) : [];
  const rows = [...queued, ...listPosts(ctx.store, { ...here, ...between })];
  const posts = [
    ...showPosts(ctx, row, place, rows),
    ...(topic === undefined ? [] : showClosed(ctx, row, topic, { ...between, limit })),
  ];
  const orderOf = ({ seq }: Post) => seq ?? Number.MAX_SAFE_INTEGER;
  return posts.sort((a, b) => orderOf(b) - orderOf(a)).slice(0, limit);
}
