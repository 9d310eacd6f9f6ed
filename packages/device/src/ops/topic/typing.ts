import type { DeviceHandler } from "../../handler.ts";
import { topicOf } from "./topic-of.ts";

/** Lets those who look at a topic know that this member writes in it. */
export const typing: DeviceHandler<"topic.typing"> = async (target, ctx) => {
  const { row, topic } = await topicOf(ctx, target);
  return await ctx.links.using(row, ({ client }) => client.topic.typing({ topic }));
};
