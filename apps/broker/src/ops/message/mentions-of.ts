import { generalTopic } from "@claudemesh/crypto/verify";
import { type EnvelopeHeader, mayReach, topicOf } from "@claudemesh/protocol";
import type { CallContext } from "../../handler.ts";
import type { MessageAppend } from "../../store/port.ts";

/**
 * Who may be told that a post to a public topic names them without being in it: those in the mesh who may read the topic's past, and let the sender's posts reach them. Of a private
 * topic an outsider hears nothing, and in #general is everyone.
 */
export async function mentionsOf(
  { kind, mentions = [], to }: EnvelopeHeader,
  ctx: CallContext<"message.send">,
): Promise<MessageAppend["mentions"]> {
  const { actor, grants, roster, store } = ctx;
  const topic = topicOf(to);
  if (mentions.length === 0 || kind !== "topic" || topic === undefined) return undefined;
  if (topic === generalTopic(actor.mesh)) return undefined;
  const row = await store.read.topic(actor.mesh, topic);
  if (row === undefined || row.statement.history === "none") return undefined;
  const held = await grants.of(actor.mesh);
  const members = [...new Set(mentions)].filter(
    (one) =>
      one !== actor.member &&
      roster.isMember(one) &&
      mayReach(held.allowed(roster, one, actor.member), to),
  );
  return { topic, members };
}
