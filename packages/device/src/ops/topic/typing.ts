import type { DeviceHandler } from "../../handler.ts";
import { conversationOf } from "./topic-of.ts";

/** Lets those who look at a topic, or the other member of a dm, know that this member writes in it. */
export const typing: DeviceHandler<"topic.typing"> = async (target, ctx) => {
  const { row, topic, peer } = await conversationOf(ctx, target);
  const where = topic === undefined ? { member: peer?.id } : { topic: topic.row.topic };
  return await ctx.links.using(row, ({ client }) => client.topic.typing(where));
};
