import { generalTopic } from "@claudemesh/crypto/verify";
import { MeshError, type TopicId, type TopicRole } from "@claudemesh/protocol";
import { outOfScope, reachesTopic } from "../api-keys/require-reach.ts";
import type { RecordContext } from "./author.ts";

/** Throws `forbidden`, and `not_found` for a topic that is hidden from the caller, unless it may read there, or with `write` also write. */
export async function requirePlace(
  topic: TopicId | undefined,
  ctx: Pick<RecordContext, "actor" | "roster" | "store">,
  what: "read" | "write",
): Promise<void> {
  const { actor, roster, store } = ctx;
  const { key, member, mesh } = actor;
  if (topic === undefined) {
    if (key?.topics !== undefined) throw outOfScope("the whole mesh");
    return;
  }
  if (key !== undefined && !reachesTopic(key, roster, topic)) throw noTopic();
  if (topic === generalTopic(mesh)) return;
  const hidden = roster.topics.get(topic);
  const role = hidden?.members.get(member) ?? (await publicRole(topic, ctx));
  const row = await store.read.topic(mesh, topic);
  if (row === undefined || row.endedAt !== null) throw noTopic();
  if (role === undefined) {
    if (hidden !== undefined) throw noTopic();
    throw new MeshError("forbidden", `topic: only those in #${row.statement.name} see that`, {
      hint: `join it first: claudemesh topic join ${row.statement.name}`,
    });
  }
  if (what === "write" && role === "observer") {
    throw new MeshError("forbidden", "topic: its observers do not write there");
  }
}

const publicRole = async (
  topic: TopicId,
  { actor, roster, store }: Pick<RecordContext, "actor" | "roster" | "store">,
): Promise<TopicRole | undefined> =>
  roster.topics.has(topic)
    ? undefined
    : store.read.topicRole(actor.mesh, { topic, member: actor.member });

const noTopic = (): MeshError => new MeshError("not_found", "topic: there is no such topic");

/** Where the caller sees shared data: the whole mesh's, empty, and that of its topics; of a key with topics only theirs. */
export async function visiblePlaces(
  ctx: Pick<RecordContext, "actor" | "roster" | "store">,
): Promise<(TopicId | "")[]> {
  const { actor, roster, store } = ctx;
  const { key, member, mesh } = actor;
  const open = [...(await store.read.topicPlaces(mesh, member))]
    .filter(([topic, { role }]) => role !== undefined && !roster.topics.has(topic))
    .map(([topic]) => topic);
  const hidden = [...roster.topics]
    .filter(([, { members }]) => members.has(member))
    .map(([topic]) => topic);
  const all = [...new Set([generalTopic(mesh), ...open, ...hidden])];
  if (key === undefined) return ["", ...all];
  const reached = all.filter((topic) => reachesTopic(key, roster, topic));
  return key.topics === undefined ? ["", ...reached] : reached;
}
