import { generalTopic } from "@claudemesh/crypto/verify";
import { type EnvelopeKind, MeshError, type TopicId } from "@claudemesh/protocol";
import type { MemberContext, Services } from "../../handler.ts";

/** What deciding about a topic stands on. */
export type TopicContext = Pick<Services, "store"> & MemberContext;

/** Why the actor may not post to a topic, in this kind of envelope: it is not there or hidden from it, it has not joined, it is an observer; undefined where it may. */
export async function whyNoPost(
  topic: TopicId,
  ctx: TopicContext,
  kind: EnvelopeKind,
): Promise<MeshError | undefined> {
  const { actor, roster, store } = ctx;
  const known = roster.topics.get(topic);
  const wrong = wrongKind(kind, known !== undefined);
  if (wrong !== undefined || topic === generalTopic(actor.mesh)) return wrong;
  // A void says nothing, and ends a message that was refused here.
  if (kind === "void" && known === undefined) return undefined;
  const row = await store.read.topic(actor.mesh, topic);
  const role =
    known === undefined
      ? await store.read.topicRole(actor.mesh, { topic, member: actor.member })
      : known.members.get(actor.member);
  const isHidden = known !== undefined && role === undefined;
  if (kind === "void" && !isHidden) return undefined;
  if (row === undefined || row.endedAt !== null || isHidden) {
    return new MeshError("no_recipient", "envelope.header.to: there is no such topic");
  }
  const { name } = row.statement;
  if (role === undefined) {
    return new MeshError("forbidden", `you have not joined #${name}`, {
      hint: `join it first: claudemesh topic join ${name}`,
    });
  }
  if (role !== "observer") return undefined;
  return new MeshError("forbidden", `you are an observer of #${name}, and observers do not post`, {
    hint: `one of its leads can change that: claudemesh topic members ${name}`,
  });
}

function wrongKind(kind: EnvelopeKind, isPrivate: boolean): MeshError | undefined {
  if (kind === "void" || kind === (isPrivate ? "private_topic" : "topic")) return undefined;
  return new MeshError(
    "malformed",
    `envelope.header.kind: ${kind} is not for a ${isPrivate ? "private" : "public"} topic`,
  );
}
