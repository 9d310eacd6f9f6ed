import { generalTopic, hasPermission } from "@claudemesh/crypto/verify";
import { MeshError, type TopicId, type TopicRole } from "@claudemesh/protocol";
import type { TopicRow } from "../../store/topics-port.ts";
import type { TopicContext } from "./why-no-post.ts";

/** A topic that the actor may know of; `row` is missing for #general alone. */
export interface FoundTopic {
  readonly topic: TopicId;
  readonly row?: TopicRow;
  readonly isPrivate: boolean;
  /** the actor's; undefined where it is not in the topic */
  readonly role?: TopicRole;
}

/** Finds a topic for the actor. Throws `not_found` for what is not there, was deleted, or is private and not the actor's: these look the same. */
export async function foundTopic(topic: TopicId, ctx: TopicContext): Promise<FoundTopic> {
  const { actor, roster, store } = ctx;
  if (topic === generalTopic(actor.mesh)) {
    return { topic, isPrivate: false, role: generalRole(ctx) };
  }
  const [row, place] = await Promise.all([
    store.read.topic(actor.mesh, topic),
    store.read.topicRole(actor.mesh, { topic, member: actor.member }),
  ]);
  const known = roster.topics.get(topic);
  const role = known === undefined ? place : known.members.get(actor.member);
  if (row === undefined || row.endedAt !== null || (known !== undefined && role === undefined)) {
    throw noTopic();
  }
  const found = { topic, row, isPrivate: known !== undefined };
  return role === undefined ? found : { ...found, role };
}

export const noTopic = (): MeshError =>
  new MeshError("not_found", "topic: there is no topic of that id");

/** Whoever made the mesh, and who else owns it, leads what everyone is in. */
export const generalRole = ({ actor, roster }: TopicContext): TopicRole =>
  roster.members.get(actor.member)?.role === "owner" ? "lead" : "member";

/** Throws `forbidden` unless the actor leads the topic, or is an admin who manages topics. */
export function requireLead({ role }: FoundTopic, { actor, roster }: TopicContext): void {
  if (role === "lead") return;
  const self = roster.members.get(actor.member);
  const isAdmin = self?.role === "owner" || self?.role === "admin";
  if (isAdmin && hasPermission(self, "topics", roster.policy)) return;
  throw new MeshError("forbidden", "topic: only its leads and admins say who is in it");
}
