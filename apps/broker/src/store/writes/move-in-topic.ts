import { audienceOf, audienceOfTopic } from "@claudemesh/protocol";
import {
  countTopicMembers,
  dropTopicMember,
  findTopic,
  putTopicMember,
} from "../queries/topics.ts";
import type { TopicMove } from "../topics-port.ts";
import { appendMoving } from "../writing/append-moving.ts";
import type { MeshHead } from "../writing/log-appender.ts";
import { topicEntry } from "../writing/statement-entries.ts";
import type { WriteContext, WriteFn } from "../writing/write-context.ts";

export const moveInTopic: WriteFn<"moveInTopic"> = (context, input) =>
  placeInTopic(context, context.log.head(input.mesh), input);

/** Gives a member its role in a public topic, or takes it out, and tells its devices and those in the topic. */
export async function placeInTopic(
  context: WriteContext,
  mesh: MeshHead,
  input: Omit<TopicMove, "mesh">,
): Promise<"moved" | "unknown"> {
  const { db, log } = context;
  const { member, role, topic } = input;
  const known = await findTopic(db, mesh.no, topic);
  if (known === undefined || known.endedAt !== null) return "unknown";
  if (role === null) await dropTopicMember(db, mesh.no, { topic, member });
  else await putTopicMember(db, mesh.no, { topic, member, role });
  const members = await countTopicMembers(db, mesh.no, topic);
  const audience = audienceOfTopic(topic);
  const entry = topicEntry({ ...known, role, members }, audienceOf(member), input);
  log.append(mesh, topicEntry({ ...known, members }, audience, input));
  await appendMoving(context, mesh, entry, [{ member, audience, enters: role !== null }]);
  return "moved";
}
