import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { lastPostSeq, passPosts, unreadPosts } from "../../store/post-rows.ts";
import { moveMarker } from "../../store/topic-rows.ts";
import { topicOf } from "./topic-of.ts";

/** Marks everything of a topic that is here as read, so that no reader is given it any more; the member's other devices are told by way of the broker. */
export const read: DeviceHandler<"topic.read"> = async (target, ctx) => {
  const { row, found, topic } = await topicOf(ctx, target);
  const { store } = ctx;
  const { seq, unread } = store.write(() => {
    const last = lastPostSeq(store, row.mesh, found.audience);
    const count = unreadPosts(store, row.mesh, found.audience, found.row.marker);
    moveMarker(store, found.row, last);
    passPosts(store, row.mesh, found.audience, { upTo: last, at: ctx.now() });
    return { seq: last, unread: count };
  });
  try {
    await ctx.links.using(row, ({ client }) => client.topic.read({ topic, seq }));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  return { seq, read: unread };
};
