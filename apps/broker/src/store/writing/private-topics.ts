import {
  audienceOf,
  audienceOfTopic,
  type EntryOf,
  type MemberId,
  type RosterEntry,
} from "@claudemesh/protocol";
import type { AudienceMove } from "../port.ts";
import { barTopic } from "../queries/audiences.ts";
import { findTopic, leaveTopics, takeLeftTopics } from "../queries/topics.ts";
import { placeInTopic } from "../writes/move-in-topic.ts";
import type { MeshHead } from "./log-appender.ts";
import { topicEntry } from "./statement-entries.ts";
import type { WriteContext } from "./write-context.ts";

/** Who enters or leaves a private topic's view of the log with a roster entry. */
export function privateTopicMoves({ type, body }: RosterEntry): AudienceMove[] {
  if (type !== "topic_add" && type !== "topic_remove") return [];
  const { member, topic } = body;
  return [{ member, audience: audienceOfTopic(topic), enters: type === "topic_add" }];
}

/** What else a roster entry does to topics: whose roster is too old to post, who is told what it was brought into, who is in no public one any more, or is back. */
export async function followInTopics(
  context: WriteContext,
  mesh: MeshHead,
  entry: RosterEntry,
  times: { readonly at: number; readonly expiresAt: number },
): Promise<void> {
  const { db } = context;
  if (entry.type === "topic_remove" || entry.type === "topic_key") {
    await barTopic(db, mesh.no, { topic: entry.body.topic, seq: entry.seq });
  }
  if (entry.type === "remove") await leaveTopics(db, mesh.no, entry.body.member);
  if (entry.type === "restore") await returnToTopics(context, mesh, entry.body.member, times);
  if (entry.type === "topic_add" || entry.type === "topic_remove") {
    await tell(context, mesh, entry, times);
  }
}

async function tell(
  { db, log }: WriteContext,
  mesh: MeshHead,
  { body, type }: EntryOf<"topic_add"> | EntryOf<"topic_remove">,
  times: { readonly at: number; readonly expiresAt: number },
): Promise<void> {
  const known = await findTopic(db, mesh.no, body.topic);
  if (known === undefined || known.endedAt !== null) return;
  const role = type === "topic_add" && "role" in body ? body.role : null;
  log.append(mesh, topicEntry({ ...known, role }, audienceOf(body.member), times));
}

/** Back into the public topics that the member was in when it was removed; into a private one its leads bring it. */
async function returnToTopics(
  context: WriteContext,
  mesh: MeshHead,
  member: MemberId,
  times: { readonly at: number; readonly expiresAt: number },
): Promise<void> {
  for (const { topic, role } of await takeLeftTopics(context.db, mesh.no, member)) {
    await placeInTopic(context, mesh, { topic, member, role, ...times });
  }
}
