import type { Handler } from "../../handler.ts";
import { foundTopic } from "./found-topic.ts";

/** Who is in a topic: everyone in #general, by the roster in a private one. */
export const members: Handler<"topic.members"> = async ({ topic }, ctx) => {
  const { actor, roster, store } = ctx;
  const { isPrivate, row } = await foundTopic(topic, ctx);
  if (row === undefined) {
    const everyone = [...roster.members.values()].filter(({ id }) => roster.isMember(id));
    return {
      items: everyone.map(({ id: member, role }) => ({
        member,
        role: role === "owner" ? ("lead" as const) : ("member" as const),
      })),
    };
  }
  if (isPrivate) {
    const known = roster.topics.get(topic)?.members ?? new Map();
    return { items: [...known].map(([member, role]) => ({ member, role })) };
  }
  return { items: [...(await store.read.topicMembers(actor.mesh, topic))] };
};
