import type { EntryOf, TopicId, TopicRole } from "@claudemesh/protocol";
import type { Member } from "./member.ts";
import { authorRules, hasPermission } from "./permissions.ts";
import { currentMember, forbidden, type Refusal, type RosterFacts } from "./refusal.ts";
import type { RosterTopic } from "./topic.ts";

type TopicAct = "topic_add" | "topic_remove";

const unknown = (topic: TopicId): Refusal => ({
  code: "not_found",
  reason: "topic_unknown",
  message: `there is no private topic ${topic}`,
});

/** A topic is founded by one who adds itself to it as its lead; from then on its leads, and admins, say who is in it. */
export function mayAddToTopic(
  roster: RosterFacts,
  author: Member,
  { body }: EntryOf<"topic_add">,
): Refusal | undefined {
  const topic = roster.topics.get(body.topic);
  if (topic !== undefined) {
    const refusal = mayLead(roster, topic, author, "topic_add");
    if (refusal !== undefined) return refusal;
    const subject = currentMember(roster, body.member);
    return "reason" in subject ? subject : undefined;
  }
  if (body.member !== author.id || body.role !== "lead") return unknown(body.topic);
  const { founder } = authorRules.topic_add;
  if (founder === undefined || hasPermission(author, founder, roster.policy)) return undefined;
  return forbidden("author_permission", `the author lacks the permission ${founder}`);
}

/** Leads and admins remove others, everyone itself. */
export function mayRemoveFromTopic(
  roster: RosterFacts,
  author: Member,
  { body }: EntryOf<"topic_remove">,
): Refusal | undefined {
  const topic = roster.topics.get(body.topic);
  if (topic === undefined) return unknown(body.topic);
  if (body.member !== author.id) {
    const refusal = mayLead(roster, topic, author, "topic_remove");
    if (refusal !== undefined) return refusal;
  }
  if (topic.members.has(body.member)) return undefined;
  const message = `${body.member} is not in the topic ${topic.id}`;
  return { code: "not_found", reason: "subject_not_in_topic", message };
}

/** Only those in a topic make its keys, since whoever makes a key knows it. */
export function mayChangeTopicKey(
  roster: RosterFacts,
  author: Member,
  { body }: EntryOf<"topic_key">,
): Refusal | undefined {
  const topic = roster.topics.get(body.topic);
  if (topic === undefined) return unknown(body.topic);
  const role = topic.members.get(author.id);
  if (role === undefined) {
    return forbidden("author_not_in_topic", `the author is not in the topic ${topic.id}`);
  }
  const { topicRoles = [], topicRolesWhenDue = [] } = authorRules.topic_key;
  if (topicRoles.includes(role) || (topic.isKeyDue && topicRolesWhenDue.includes(role))) {
    return undefined;
  }
  return topicRole(role, "change its key now");
}

const topicRole = (role: TopicRole, what: string): Refusal =>
  forbidden("author_topic_role", `the topic role ${role} may not ${what}`);

function mayLead(
  roster: RosterFacts,
  topic: RosterTopic,
  author: Member,
  type: TopicAct,
): Refusal | undefined {
  const { permission, roles, topicRoles = [] } = authorRules[type];
  const role = topic.members.get(author.id);
  if (role !== undefined && topicRoles.includes(role)) return undefined;
  if (!roles.includes(author.role)) {
    if (role !== undefined) return topicRole(role, "say who is in the topic");
    return forbidden("author_not_in_topic", `the author is not in the topic ${topic.id}`);
  }
  if (permission === undefined || hasPermission(author, permission, roster.policy)) {
    return undefined;
  }
  return forbidden("author_permission", `the author lacks the permission ${permission}`);
}
