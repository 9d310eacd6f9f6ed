import { generalTopic } from "@claudemesh/crypto/verify";
import { reachesTopic } from "../../api-keys/require-reach.ts";
import type { Handler } from "../../handler.ts";
import { describeGeneral, describeTopic } from "./describe-topic.ts";

/** #general, the public topics, and the private ones that the caller is in; before them the signed ends of those that were deleted. */
export const list: Handler<"topic.list"> = async (_input, ctx) => {
  const { actor, roster, store } = ctx;
  const [topics, places] = await Promise.all([
    store.read.topics(actor.mesh),
    store.read.topicPlaces(actor.mesh, actor.member),
  ]);
  const found = topics.filter(({ topic }) => {
    const known = roster.topics.get(topic);
    if (actor.key !== undefined && !reachesTopic(actor.key, roster, topic)) return false;
    return known === undefined || known.members.has(actor.member);
  });
  const generalId = generalTopic(actor.mesh);
  const reachesGeneral = actor.key === undefined || reachesTopic(actor.key, roster, generalId);
  const general = places.get(generalId)?.readSeq ?? 0;
  return {
    items: [
      ...found.map((topic) => describeTopic(topic, places.get(topic.topic), ctx)),
      ...(reachesGeneral ? [describeGeneral(general, ctx)] : []),
    ],
  };
};
