import {
  type EnvelopeHeader,
  type MemberId,
  MeshError,
  type TopicId,
  topicOf,
} from "@claudemesh/protocol";
import type { Roster } from "./roster/index.ts";
import { isShared } from "./shared-key.ts";

/** What a receiver of shared messages must know of its chain besides. */
export type SharedChain = Pick<Roster, "barrierAt" | "epochAt" | "topics">;

const audienceForms = {
  broadcast: /^\*$/,
  group: /^g:/,
  private_topic: /^t:/,
  topic: /^t:/,
} as const;

/**
 * That a shared message is sealed under the newest key at its claimed head, by one who may write to its audience. Throws `malformed`, `forbidden`, and
 * `roster_stale` for a key that was replaced, or that had to be.
 */
export function requireNewestKey(header: EnvelopeHeader, roster: SharedChain): void {
  const { head, keyVersion, kind, to } = header;
  if (!isShared(kind)) return;
  if (!audienceForms[kind].test(to)) {
    throw new MeshError("malformed", `to: a ${kind} message does not go to ${to}`);
  }
  if (keyVersion === undefined) {
    throw new MeshError("malformed", `keyVersion: missing in a ${kind} message`);
  }
  const topic = topicOf(to);
  if (kind === "private_topic" && topic !== undefined) {
    requireTopicKey(header, topic, roster);
    return;
  }
  if (topic !== undefined && isPrivateAt(roster, topic, head.seq)) {
    throw new MeshError("forbidden", "kind: the topic is private, and the message is not");
  }
  const newest = roster.epochAt(head.seq).number;
  if (keyVersion !== newest) throw replaced(keyVersion, newest, header);
}

function requireTopicKey(header: EnvelopeHeader, id: TopicId, roster: SharedChain): void {
  const { from, head, keyVersion } = header;
  const topic = roster.topics.get(id);
  const role = topic?.roleAt(from.member, head.seq);
  if (topic === undefined || role === undefined) {
    throw new MeshError("forbidden", "the sender is not in the topic at the claimed roster head");
  }
  if (role === "observer") {
    throw new MeshError("forbidden", "the sender is an observer of the topic and may not post");
  }
  const newest = topic.keyAt(head.seq)?.version ?? 0;
  if (keyVersion !== newest) throw replaced(keyVersion ?? 0, newest, header);
  if (topic.isKeyDueAt(head.seq)) {
    const message = `someone who has version ${newest} of the topic's key is in it no more at entry ${head.seq}`;
    throw new MeshError("roster_stale", message, { detail: { claimed: head } });
  }
}

const replaced = (used: number, newest: number, { head }: EnvelopeHeader): MeshError =>
  new MeshError(
    "roster_stale",
    `the message is sealed under key ${used}, but at entry ${head.seq} the newest is ${newest}`,
    { detail: { claimed: head, used, newest } },
  );

const isPrivateAt = (roster: SharedChain, id: TopicId, seq: number): boolean =>
  (roster.topics.get(id)?.seq ?? Number.POSITIVE_INFINITY) <= seq;

/** Whether a shared audience includes the member: of a private topic those who are in it, or were at the claimed head. Groups and public topics are routing. */
export function isInAudience(
  { head, to }: EnvelopeHeader,
  member: MemberId,
  roster: SharedChain,
): boolean {
  const topic = topicOf(to);
  const known = topic && roster.topics.get(topic);
  if (known === undefined) return to === "*" || to.startsWith("g:") || topic !== undefined;
  if (!isPrivateAt(roster, known.id, head.seq)) return true;
  return known.members.has(member) || known.roleAt(member, head.seq) !== undefined;
}
