import type { Handler } from "../../handler.ts";
import { foundTopic, requireLead } from "./found-topic.ts";

/** Takes the actor, or by a lead's word another, out of a public topic; out of a private one a roster entry does. */
export const leave: Handler<"topic.leave"> = async ({ topic, member }, ctx) => {
  const { actor, config, store } = ctx;
  const found = await foundTopic(topic, ctx);
  if (found.row === undefined) {
    throw ctx.fail("forbidden", "topic: everyone in the mesh is in #general");
  }
  if (found.isPrivate) {
    throw ctx.fail("malformed", "topic: a roster entry takes members out of a private topic");
  }
  if (member !== actor.member) requireLead(found, ctx);
  const role = await store.read.topicRole(actor.mesh, { topic, member });
  if (role === undefined) return {};
  const at = ctx.now();
  const expiresAt = at + config.sharedTtlMs;
  await store.write.moveInTopic({ mesh: actor.mesh, topic, member, role: null, at, expiresAt });
  return {};
};
