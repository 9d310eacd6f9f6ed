import { requireTopicAuthor, requireTopicSuccessor } from "@claudemesh/crypto";
import { MeshError, type Topic } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { putTopicRow, topicRow, topicsNamed } from "../store/topic-rows.ts";

/**
 * Keeps what a topic is, where its signature is good and it may follow what is known: a name means one topic for as long as that is not deleted. What is refused becomes a notice.
 * Answers whether it was good. Part of the caller's transaction.
 */
export function storeTopic(ctx: DeviceContext, row: MembershipRow, topic: Topic): boolean {
  try {
    return keep(ctx, row, topic);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    addNotice(ctx.store, {
      mesh: row.mesh,
      key: `topic:${topic.topic}:${topic.version}:${topic.sig}`,
      code: error.code,
      text: `what the broker says of topic #${topic.name} was refused: ${error.message}`,
      at: ctx.now(),
    });
    return false;
  }
}

function keep(ctx: DeviceContext, { mesh }: MembershipRow, topic: Topic): boolean {
  const { store } = ctx;
  const roster = ctx.rosters.of(mesh);
  const known = topicRow(store, mesh, topic.topic);
  const before = known?.statement ? (JSON.parse(known.statement) as Topic) : undefined;
  if (before?.sig === topic.sig) return true;
  requireTopicAuthor(topic, roster);
  if (before !== undefined) {
    // The broker may be behind, as after a restore; what is known here stays.
    if (topic.version < before.version) return true;
    requireTopicSuccessor(before, topic, roster);
  }
  const [same] = topicsNamed(store, mesh, topic.name).filter(
    (one) => one.visibility === topic.visibility && one.topic !== topic.topic,
  );
  if (same !== undefined && !topic.ended) {
    throw new MeshError("conflict", `another topic has the name already, ${same.topic}`);
  }
  putTopicRow(store, topic);
  return true;
}
