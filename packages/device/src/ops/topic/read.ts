import type { DeviceContext } from "../../context.ts";
import { tellSender } from "../../hand-over/tell-sender.ts";
import type { DeviceHandler } from "../../handler.ts";
import { tellSenders } from "../../inbox/tell-senders.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { lastPostSeq, passPosts, readAsTopic, unreadPosts } from "../../store/post-rows.ts";
import { moveMarker } from "../../store/topic-rows.ts";
import type { Conversation } from "../../topics/conversation.ts";
import type { ResolvedTopic } from "../../topics/resolve-topic.ts";
import { conversationOf } from "./topic-of.ts";

/** Marks everything of a topic or dm that is here as read, so that no reader is given it any more. */
export const read: DeviceHandler<"topic.read"> = async (target, ctx) => {
  const asked = await conversationOf(ctx, target);
  return asked.topic === undefined ? readDm(ctx, asked) : readTopic(ctx, asked, asked.topic);
};

/** The member's other devices are told by way of the broker. */
async function readTopic(ctx: DeviceContext, { row }: Conversation, found: ResolvedTopic) {
  const { store } = ctx;
  const { seq, unread } = store.write(() => {
    const last = lastPostSeq(store, row.mesh, found.audience);
    const count = unreadPosts(store, row.mesh, found.audience, found.row.marker);
    moveMarker(store, found.row, last);
    passPosts(store, row.mesh, found.audience, { upTo: last, at: ctx.now() });
    return { seq: last, unread: count };
  });
  try {
    const { topic } = found.row;
    await ctx.links.using(row, ({ client }) => client.topic.read({ topic, seq }));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  return { seq, read: unread };
}

/** Whoever wrote it is told that it was read, as of every message to one. */
async function readDm(ctx: DeviceContext, { place, row }: Conversation) {
  const { store } = ctx;
  const seq = lastPostSeq(store, row.mesh, place);
  const read = store.write(() => {
    const at = ctx.now();
    const passed = passPosts(store, row.mesh, place, { upTo: seq, at });
    for (const one of passed) {
      const what = "read in the dm";
      tellSender(ctx, one, { state: "offered", way: readAsTopic, at, what });
    }
    return passed.length;
  });
  if (read > 0) await tellSenders(ctx);
  return { seq, read };
}
