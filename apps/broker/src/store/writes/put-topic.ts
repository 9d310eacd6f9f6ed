import { audienceOfTopic, everyone, limits } from "@claudemesh/protocol";
import { dropTopicRecords } from "../queries/record-counts.ts";
import {
  countTopics,
  findTopic,
  isNameTaken,
  putTopicMember,
  upsertTopic,
} from "../queries/topics.ts";
import { appendMoving } from "../writing/append-moving.ts";
import { topicEntry } from "../writing/statement-entries.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putTopic: WriteFn<"putTopic"> = async (context, input) => {
  const { db, log } = context;
  const { at, before, hash, lead, statement } = input;
  const { name, topic, visibility } = statement;
  const mesh = log.head(input.mesh);
  const known = await findTopic(db, mesh.no, topic);
  if (known?.hash === hash) return "kept";
  if ((known?.hash ?? null) !== before) return "stale";
  const isPublic = visibility === "public";
  if (known === undefined) {
    if (isPublic && (await isNameTaken(db, mesh.no, name))) return "taken";
    if ((await countTopics(db, mesh.no)) >= limits.topics) return "full";
  }
  await upsertTopic(db, mesh.no, { statement, hash, at });
  if (statement.ended) await dropTopicRecords(db, mesh.no, topic);
  const audience = audienceOfTopic(topic);
  const entry = topicEntry(input, isPublic ? everyone : audience, input);
  const isNew = known === undefined && isPublic;
  if (isNew) await putTopicMember(db, mesh.no, { topic, member: lead, role: "lead" });
  const moves = isNew ? [{ member: lead, audience, enters: true }] : [];
  await appendMoving(context, mesh, entry, moves);
  return "kept";
};
