import type { Hash, TopicId } from "@claudemesh/protocol";
import type { KeyContext, Services } from "../../handler.ts";
import { foundTopic } from "./found-topic.ts";

/** The keys that a topic's posts were sealed with, oldest first: of a private topic its own, of a public one the mesh's. */
export async function topicKeys(
  topic: TopicId,
  ctx: KeyContext & Pick<Services, "store">,
): Promise<{ kind: "mesh" | "topic"; commitments: readonly Hash[] }> {
  await foundTopic(topic, ctx);
  const own = ctx.roster.topics.get(topic);
  return own === undefined
    ? { kind: "mesh", commitments: ctx.roster.epochs.map(({ commitment }) => commitment) }
    : { kind: "topic", commitments: own.keys.map(({ commitment }) => commitment) };
}
