import { requireTopicAuthor, topicHash } from "@claudemesh/crypto/verify";
import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { isFromBefore } from "../../restored.ts";
import { requireClose } from "../../rosters.ts";
import { describeNow } from "./describe-topic.ts";

/** Keeps a new topic by its creator's signed statement; a private one the roster has already. The same one again is answered as before. */
export const create: Handler<"topic.create"> = async ({ topic: statement }, ctx) => {
  const { actor, config, roster, store } = ctx;
  const at = ctx.now();
  // After a restore its author brings again what it last said of it, whichever version that is.
  const isRepeated = await isFromBefore(statement.at, ctx);
  if (!isRepeated) requireClose(statement.at, at);
  if (requireTopicAuthor(statement, roster) !== actor.member) {
    throw ctx.fail("forbidden", "topic.author: one signs one's own topics only");
  }
  if ((statement.version !== 1 && !isRepeated) || statement.ended) {
    throw ctx.fail("malformed", "topic.version: a topic begins with version 1");
  }
  const known = roster.topics.get(statement.topic);
  if (known !== undefined && known.members.get(actor.member) !== "lead") {
    throw ctx.fail("forbidden", "topic.topic: the roster has another lead for it");
  }
  const outcome = await store.write.putTopic({
    mesh: actor.mesh,
    statement,
    hash: topicHash(statement),
    before: null,
    lead: actor.member,
    at,
    expiresAt: at + config.sharedTtlMs,
  });
  if (outcome === "taken") {
    throw ctx.fail("exists", `topic.name: there is a topic #${statement.name} already`);
  }
  if (outcome === "stale") {
    throw ctx.fail("conflict", "topic.topic: another topic has this id");
  }
  if (outcome === "full") {
    throw ctx.fail("exhausted", `a mesh has ${limits.topics} topics at most; delete one first`);
  }
  return await describeNow(statement, ctx);
};
