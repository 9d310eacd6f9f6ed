import { generalName, generalTopic } from "@claudemesh/crypto/verify";
import { TopicId } from "@claudemesh/protocol";
import { outOfScope, reachesTopic } from "../../api-keys/require-reach.ts";
import type { Actor, Services } from "../../handler.ts";

interface Context extends Pick<Services, "store" | "rosters"> {
  readonly actor: Actor;
}

/**
 * The topic that a caller names, with or without `#`, or by its id; undefined where there is none. A key that has topics finds these alone: any other is refused alike,
 * whether it is there or not.
 */
export async function topicNamed(said: string, ctx: Context): Promise<TopicId | undefined> {
  const { actor } = ctx;
  const name = said.replace(/^#/, "");
  const id = TopicId.safeParse(name);
  const found = id.success ? id.data : await byName(name, ctx);
  const scope = actor.key?.topics;
  if (scope !== undefined && (found === undefined || !scope.has(found))) {
    throw outOfScope("that topic");
  }
  return found;
}

/** A public topic goes before a private one of the same name. */
async function byName(
  name: string,
  { actor, rosters, store }: Context,
): Promise<TopicId | undefined> {
  if (name === generalName) return generalTopic(actor.mesh);
  const [topics, roster] = await Promise.all([
    store.read.topics(actor.mesh),
    rosters.open(actor.mesh),
  ]);
  const fits = topics.filter((topic) => {
    const hidden = roster.topics.get(topic.topic);
    return (
      topic.name === name &&
      topic.ended !== true &&
      (hidden === undefined || hidden.members.has(actor.member)) &&
      (actor.key === undefined || reachesTopic(actor.key, roster, topic.topic))
    );
  });
  const open = fits.find(({ visibility }) => visibility === "public");
  return (open ?? fits[0])?.topic;
}
