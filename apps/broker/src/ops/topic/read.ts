import type { Handler } from "../../handler.ts";
import { foundTopic } from "./found-topic.ts";

/** Moves the caller's read marker forward, up to the end of the log at most. */
export const read: Handler<"topic.read"> = async ({ topic, seq }, ctx) => {
  const { actor, store } = ctx;
  await foundTopic(topic, ctx);
  const head = (await store.read.mesh(actor.mesh))?.headSeq ?? 0;
  const { member, mesh } = actor;
  return { seq: await store.write.readTopic({ mesh, topic, member, seq: Math.min(seq, head) }) };
};
