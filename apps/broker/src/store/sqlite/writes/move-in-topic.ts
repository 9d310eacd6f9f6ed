import { audienceOf, audienceOfTopic } from "@claudemesh/protocol";
import {
  countTopicMembers,
  dropTopicMember,
  findTopic,
  putTopicMember,
} from "../../queries/topics.ts";
import { appendMoving } from "../append-moving.ts";
import { topicEntry } from "../statement-entries.ts";
import type { WriteFn } from "../write-context.ts";

export const moveInTopic: WriteFn<"moveInTopic"> = async (context, input) => {
  const { db, log } = context;
  const { member, role, topic } = input;
  const mesh = log.head(input.mesh);
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
};
