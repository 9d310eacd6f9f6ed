import {
  type Hash,
  type MemberId,
  MeshError,
  type MeshId,
  type SignKey,
  type Topic,
  type TopicId,
} from "@claudemesh/protocol";
import { domains, hashStatement, sha256, statementBytes } from "./domain.ts";
import type { JsonValue } from "./jcs.ts";
import type { Roster } from "./roster/index.ts";
import { requireSigned, type Signer, signStatement, unsigned } from "./signature.ts";
import { formatUuid } from "./uuid.ts";

export type TopicStatement = Omit<Topic, "v" | "author" | "sig">;

/** What is asked of the chain about who says what a topic is. */
export type TopicChain = Pick<
  Roster,
  "mesh" | "members" | "memberByKey" | "isMember" | "effectivePermissions" | "topics"
>;

/** What the topic that every mesh has is called; nobody else's is. */
export const generalName = "general";

/** The topic that every mesh has, with everyone in it: the first 128 bits of the hash of the mesh's id as a UUIDv8 (RFC 9562, section 5.8). */
export const generalTopic = (mesh: MeshId): TopicId =>
  `top_${formatUuid(sha256(statementBytes(domains.topicId, mesh)).subarray(0, 16), 8)}` as TopicId;

/** Signs what a topic is; `author` becomes the signer's key. */
export const signTopic = (statement: TopicStatement, signer: Signer): Topic =>
  signStatement(
    domains.topicStatement,
    { v: 1 as const, ...statement, author: signer.key },
    signer,
  );

/** Throws `bad_signature` unless `key` is the author's and signed the statement. */
export function verifyTopic(topic: Topic, key: SignKey): void {
  if (topic.author !== key) {
    throw new MeshError("bad_signature", "author: the topic is signed by another key");
  }
  requireSigned(domains.topicStatement, topic, key, "topic");
}

/** The hash of a statement without its signature; decides between two of one version. */
export const topicHash = (topic: Topic): Hash =>
  hashStatement(domains.topicStatement, unsigned(topic) as unknown as JsonValue);

/**
 * Checks a statement by itself against the chain, and answers who signed it: one who is or was in the mesh, of a private topic one whom the chain lets speak of it. Whether it may
 * follow another is `requireTopicSuccessor`'s. Throws `malformed`, `not_member`, `forbidden`, `bad_signature`.
 */
export function requireTopicAuthor(topic: Topic, roster: TopicChain): MemberId {
  if (topic.mesh !== roster.mesh) {
    throw new MeshError("malformed", "mesh: the topic is of another mesh");
  }
  if (topic.topic === generalTopic(roster.mesh) || topic.name === generalName) {
    throw new MeshError("forbidden", "name: #general is what it is, in every mesh");
  }
  const author = roster.memberByKey(topic.author)?.id;
  if (author === undefined) {
    throw new MeshError("not_member", "author: the topic is signed by nobody of the roster");
  }
  const known = roster.topics.get(topic.topic);
  if ((known !== undefined) !== (topic.visibility === "private")) {
    throw new MeshError("forbidden", "visibility: the roster says otherwise of the topic");
  }
  if (known !== undefined) {
    const isIn = known.members.has(author) || known.roleAt(author, known.seq) !== undefined;
    if (!isIn && !managesTopics(author, roster)) {
      throw new MeshError("forbidden", "author: never was in the private topic");
    }
  }
  verifyTopic(topic, topic.author);
  return author;
}

/**
 * Checks that `next`, whose author was checked, may take the place of `before`: a higher version (on a tie the smaller hash) of the same topic under the same name, by the member who
 * signed the version before, by a lead whom the chain names, or by an admin who manages topics. Throws `conflict` for what is not newer, `forbidden`.
 */
export function requireTopicSuccessor(before: Topic, next: Topic, roster: TopicChain): void {
  if (before.topic !== next.topic || before.name !== next.name) {
    throw new MeshError("forbidden", "name: the name of a topic does not change");
  }
  if (before.visibility !== next.visibility || before.history !== next.history) {
    throw new MeshError("forbidden", "visibility: who may read a topic does not change");
  }
  const isNewer =
    next.version > before.version ||
    (next.version === before.version && topicHash(next) < topicHash(before));
  if (!isNewer || before.ended) {
    throw new MeshError("conflict", "version: a newer version of the topic is there already");
  }
  const author = roster.memberByKey(next.author)?.id;
  if (author !== undefined) {
    if (author === roster.memberByKey(before.author)?.id) return;
    if (roster.topics.get(next.topic)?.members.get(author) === "lead") return;
    if (managesTopics(author, roster)) return;
  }
  throw new MeshError("forbidden", "author: only its lead or an admin changes a topic");
}

function managesTopics(author: MemberId, roster: TopicChain): boolean {
  const role = roster.members.get(author)?.role;
  if (!roster.isMember(author) || (role !== "owner" && role !== "admin")) return false;
  return roster.effectivePermissions(author).topics;
}
