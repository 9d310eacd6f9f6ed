import { requireTopicAuthor, requireTopicSuccessor, topicHash } from "@claudemesh/crypto/verify";
import { MeshError, type Topic, type WireTopic } from "@claudemesh/protocol";
import type { Services } from "../../handler.ts";
import { requireTimely } from "../../restored.ts";
import { describeNow } from "./describe-topic.ts";
import { foundTopic } from "./found-topic.ts";
import type { TopicContext } from "./why-no-post.ts";

/** Keeps the next version of a topic, signed by the actor. Throws `not_found`, `forbidden`, `conflict`, `clock_skew`. */
export async function putVersion(
  statement: Topic,
  ctx: TopicContext & Services,
): Promise<WireTopic> {
  const { actor, config, roster, store } = ctx;
  const { row } = await foundTopic(statement.topic, ctx);
  if (row === undefined) throw new MeshError("forbidden", "topic: #general is what it is");
  const hash = topicHash(statement);
  if (row.hash === hash) return await describeNow(statement, ctx);
  const at = ctx.now();
  await requireTimely(statement.at, ctx);
  if (requireTopicAuthor(statement, roster) !== actor.member) {
    throw new MeshError("forbidden", "topic.author: one signs one's own versions only");
  }
  requireTopicSuccessor(row.statement, statement, roster);
  const outcome = await store.write.putTopic({
    mesh: actor.mesh,
    statement,
    hash,
    before: row.hash,
    lead: actor.member,
    at,
    expiresAt: at + config.sharedTtlMs,
  });
  if (outcome !== "kept") {
    throw new MeshError("conflict", "topic.version: a newer version came before");
  }
  return await describeNow(statement, ctx);
}
