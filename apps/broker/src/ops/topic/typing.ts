import type { Handler } from "../../handler.ts";
import { foundTopic } from "./found-topic.ts";

/** Tells the others of a topic who are connected that the caller writes in it; nothing is kept. Who is not in it, or only observes, says nothing there. */
export const typing: Handler<"topic.typing"> = async ({ topic }, ctx) => {
  const { actor, connections, roster, store } = ctx;
  const { member, mesh } = actor;
  const { isPrivate, role, row } = await foundTopic(topic, ctx);
  if (role === undefined || role === "observer") {
    throw ctx.fail("forbidden", "topic: only who may post there says that it writes");
  }
  const event = { type: "event", kind: "typing", topic, member } as const;
  if (row === undefined) {
    connections.tell(mesh, member, event);
    return {};
  }
  const members = isPrivate
    ? [...(roster.topics.get(topic)?.members.keys() ?? [])]
    : (await store.read.topicMembers(mesh, topic)).map((one) => one.member);
  for (const id of members) if (id !== member) connections.tellMember(mesh, id, event);
  return {};
};
