import type { DeviceContext } from "../../context.ts";
import { drainFeed } from "../../feed/drain-feed.ts";
import type { RunningFeed } from "../../feed/run-feed.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { namedIn } from "../../names/member-names.ts";
import { lastPostSeq, listPosts, type PostRow } from "../../store/post-rows.ts";
import type { Conversation } from "../../topics/conversation.ts";
import { fetchPast } from "../../topics/fetch-past.ts";
import { showPosts } from "../../topics/show-posts.ts";
import { askedMesh } from "../target-mesh.ts";
import { conversationOf } from "./topic-of.ts";

/** What another process of this home stores is found by looking. */
const lookMs = 250;

/** The last posts of a topic, oldest first, or those after a place; waits for one where it is told to. */
export const tail: DeviceHandler<"topic.tail"> = async ({ after, limit, wait, ...target }, ctx) => {
  const asked = await conversationOf(ctx, target, askedMesh);
  const { place, row } = asked;
  const feed = await begin(ctx, asked, after === undefined ? limit : 0);
  try {
    let rows = read(ctx, asked, { after, limit });
    const deadline = ctx.now() + (wait ?? 0);
    while (rows.length === 0 && ctx.now() < deadline && !ctx.closing.signal.aborted) {
      await ctx.wake.wait(ctx.timer, Math.min(lookMs, deadline - ctx.now()));
      rows = read(ctx, asked, { after, limit });
    }
    const seq = rows.at(-1)?.seq ?? after ?? lastPostSeq(ctx.store, row.mesh, place);
    return { items: showPosts(ctx, row, place, rows), seq, typing: writing(ctx, asked) };
  } finally {
    await feed?.stop();
  }
};

function writing(ctx: DeviceContext, { place, row: { mesh } }: Conversation): string[] {
  const named = namedIn(ctx, mesh);
  return ctx.typing.in(mesh, place).map((one) => named.get(one)?.name ?? one);
}

/** Keeps the feed open while this waits, and fetches what is wanted of the past. */
async function begin(
  ctx: DeviceContext,
  { row, topic }: Conversation,
  limit: number,
): Promise<RunningFeed | undefined> {
  try {
    const feed = await drainFeed(ctx, row);
    if (limit > 0 && topic !== undefined) {
      await ctx.links.using(row, (link) =>
        fetchPast(ctx, row, link, topic, { before: undefined, limit }),
      );
    }
    return feed;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return undefined;
  }
}

function read(
  ctx: DeviceContext,
  { place, row }: Conversation,
  { after, limit }: { readonly after: number | undefined; readonly limit: number },
): PostRow[] {
  const page = { mesh: row.mesh, place, self: row.member, limit };
  const before = Number.MAX_SAFE_INTEGER;
  if (after === undefined) return listPosts(ctx.store, { ...page, after: 0, before }).reverse();
  return listPosts(ctx.store, { ...page, after, before, oldestFirst: true });
}
