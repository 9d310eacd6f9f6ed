import { audienceOf, type MemberId, mayReach, type TopicId } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";
import { foundTopic } from "./found-topic.ts";

type Context = CallContext<"topic.typing">;

/** Tells who is connected that the caller writes in a topic, or to one member alone; nothing is kept. */
export const typing: Handler<"topic.typing"> = async ({ topic, member }, ctx) => {
  if ((topic === undefined) === (member === undefined)) {
    throw ctx.fail("malformed", "topic: name either a topic or a member");
  }
  if (topic !== undefined) await tellTopic(topic, ctx);
  if (member !== undefined) await tellOne(member, ctx);
  return {};
};

/** To one who does not let the caller write to it nothing is told, and the caller sees no difference. */
async function tellOne(to: MemberId, ctx: Context): Promise<void> {
  const { actor, connections, grants, roster } = ctx;
  const { member, mesh } = actor;
  if (to === member || !roster.isMember(to)) return;
  const allowed = (await grants.of(mesh)).allowed(roster, to, member);
  if (!mayReach(allowed, audienceOf(to))) return;
  connections.tellMember(mesh, to, { type: "event", kind: "typing", member });
}

/** Who is not in the topic, or only observes, says nothing there. */
async function tellTopic(topic: TopicId, ctx: Context): Promise<void> {
  const { actor, connections, roster, store } = ctx;
  const { member, mesh } = actor;
  const { isPrivate, role, row } = await foundTopic(topic, ctx);
  if (role === undefined || role === "observer") {
    throw ctx.fail("forbidden", "topic: only who may post there says that it writes");
  }
  const event = { type: "event", kind: "typing", topic, member } as const;
  if (row === undefined) {
    connections.tell(mesh, member, event);
    return;
  }
  const members = isPrivate
    ? [...(roster.topics.get(topic)?.members.keys() ?? [])]
    : (await store.read.topicMembers(mesh, topic)).map((one) => one.member);
  for (const id of members) if (id !== member) connections.tellMember(mesh, id, event);
}
