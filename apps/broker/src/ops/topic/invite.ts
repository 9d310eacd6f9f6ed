import type { Handler } from "../../handler.ts";
import { foundTopic, requireLead } from "./found-topic.ts";

/** Brings a member into a public topic, or changes its role there; of a private one the roster says who is in it. */
export const invite: Handler<"topic.invite"> = async ({ topic, member, role }, ctx) => {
  const { actor, config, roster, store } = ctx;
  const found = await foundTopic(topic, ctx);
  if (found.row === undefined) {
    throw ctx.fail("forbidden", "topic: everyone is in #general, as its member");
  }
  if (found.isPrivate) {
    throw ctx.fail("malformed", "topic: a roster entry brings members into a private topic");
  }
  requireLead(found, ctx);
  if (!roster.isMember(member)) {
    throw ctx.fail("no_recipient", "member: nobody of that id is in the mesh");
  }
  const at = ctx.now();
  const outcome = await store.write.moveInTopic({
    mesh: actor.mesh,
    topic,
    member,
    role,
    at,
    expiresAt: at + config.sharedTtlMs,
  });
  if (outcome === "unknown") throw ctx.fail("not_found", "topic: it was deleted meanwhile");
  return {};
};
