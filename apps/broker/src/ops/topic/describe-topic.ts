import { generalTopic } from "@claudemesh/crypto/verify";
import type { Topic, WireTopic } from "@claudemesh/protocol";
import type { TopicPlace } from "../../store/topics-port.ts";
import { generalRole } from "./found-topic.ts";
import type { TopicContext } from "./why-no-post.ts";

const nowhere: TopicPlace = { members: 0, readSeq: 0 };

/** A topic as its caller sees it: of a private one the roster says who is in it. */
export function describeTopic(
  statement: Topic,
  { members, readSeq, role }: TopicPlace = nowhere,
  { actor, roster }: TopicContext,
): WireTopic {
  const known = roster.topics.get(statement.topic);
  const place = known === undefined ? role : known.members.get(actor.member);
  return {
    id: statement.topic,
    statement,
    ...(place === undefined ? {} : { role: place }),
    members: known?.members.size ?? members,
    readSeq,
  };
}

/** #general: everyone is in it. */
export const describeGeneral = (readSeq: number, ctx: TopicContext): WireTopic => ({
  id: generalTopic(ctx.actor.mesh),
  role: generalRole(ctx),
  members: ctx.roster.memberCount,
  readSeq,
});

/** One topic as the store has it now. */
export async function describeNow(statement: Topic, ctx: TopicContext): Promise<WireTopic> {
  const { actor, store } = ctx;
  const places = await store.read.topicPlaces(actor.mesh, actor.member);
  return describeTopic(statement, places.get(statement.topic), ctx);
}
