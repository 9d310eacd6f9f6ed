import { generalTopic, type Roster } from "@claudemesh/crypto/verify";
import { audienceOfTopic, type TopicId } from "@claudemesh/protocol";
import type { Services } from "../handler.ts";
import { foundTopic } from "../ops/topic/found-topic.ts";
import { pastOf } from "../ops/topic/history.ts";
import type { AudienceSpan } from "../store/port.ts";
import type { KeyCaller } from "./key-actor.ts";
import { reachesTopic } from "./require-reach.ts";

interface ViewContext extends Pick<Services, "store"> {
  readonly actor: KeyCaller;
  readonly roster: Roster;
}

/** The part of the log that a key's holder sees of one topic. Throws `not_found` for what its owner may not find. */
export async function topicView(topic: TopicId, ctx: ViewContext): Promise<AudienceSpan> {
  const from = await pastOf(await foundTopic(topic, ctx), ctx);
  return { audience: audienceOfTopic(topic), from, until: null };
}

/** As `topicView`, of every topic that the key reaches now. */
export async function wholeView(ctx: ViewContext): Promise<readonly AudienceSpan[]> {
  const { actor, roster, store } = ctx;
  const topics = await store.read.topics(actor.mesh);
  const ids = topics.filter(({ ended }) => ended !== true).map(({ topic }) => topic);
  const reached = [generalTopic(actor.mesh), ...ids].filter(
    (topic) =>
      reachesTopic(actor.key, roster, topic) &&
      (roster.topics.get(topic)?.members.has(actor.member) ?? true),
  );
  return await Promise.all(reached.map((topic) => topicView(topic, ctx)));
}
