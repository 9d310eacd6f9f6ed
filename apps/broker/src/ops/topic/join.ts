import type { Handler } from "../../handler.ts";
import { describeGeneral, describeNow } from "./describe-topic.ts";
import { foundTopic } from "./found-topic.ts";

/** Takes the actor into a public topic; who is in it already stays as it is. */
export const join: Handler<"topic.join"> = async ({ topic }, ctx) => {
  const { actor, config, store } = ctx;
  const { role, row } = await foundTopic(topic, ctx);
  if (row === undefined) return describeGeneral(0, ctx);
  if (role === undefined) {
    const at = ctx.now();
    const outcome = await store.write.moveInTopic({
      mesh: actor.mesh,
      topic,
      member: actor.member,
      role: "member",
      at,
      expiresAt: at + config.sharedTtlMs,
    });
    if (outcome === "unknown") throw ctx.fail("not_found", "topic: it was deleted meanwhile");
  }
  return await describeNow(row.statement, ctx);
};
