import type { DeviceHandler } from "../../handler.ts";
import { takeTopic } from "../../topics/refresh-topics.ts";
import { knownInfo } from "../../topics/topic-info.ts";
import { topicOf } from "./topic-of.ts";

/** Has this member's devices get a public topic's posts from now on. */
export const join: DeviceHandler<"topic.join"> = async (target, ctx) => {
  const { row, topic } = await topicOf(ctx, target);
  const said = await ctx.links.using(row, ({ client }) => client.topic.join({ topic }));
  ctx.store.write(() => takeTopic(ctx, row, said));
  return { id: topic, topic: knownInfo(ctx, row, topic) };
};
