import type { KeyPlace, KeyRing, Roster } from "@claudemesh/crypto";
import type { Hash, MemberId, TopicId } from "@claudemesh/protocol";

/** A key of the chain that a member may have. */
export interface EntitledKey {
  readonly commitment: Hash;
  readonly place: KeyPlace;
}

/**
 * The keys that the chain lets a current member have: all, or where policy, or a topic by its own word, gives no history, those that were the newest while it was in; of a private
 * topic the same, while it is in the topic. Whoever seals for another decides by this, and so does who asks.
 */
export function entitledKeys(
  roster: Roster,
  member: MemberId,
  hidesPast: (topic: TopicId) => boolean,
): EntitledKey[] {
  if (!roster.isMember(member)) return [];
  const isAll = roster.policy.historyForNewMembers === "all";
  const mesh = during(roster.epochs, roster.head.seq)
    .filter(
      ({ from, to }) =>
        isAll ||
        roster.signKeyAt(member, from) !== undefined ||
        roster.signKeyAt(member, to) !== undefined,
    )
    .map(({ one: { commitment, number } }) => ({ commitment, place: { epoch: number } }));
  const topics = [...roster.topics.values()]
    .filter(({ members }) => members.has(member))
    .flatMap((topic) =>
      during(topic.keys, roster.head.seq)
        .filter(
          ({ from, to }) =>
            (isAll && !hidesPast(topic.id)) ||
            topic.roleAt(member, from) !== undefined ||
            topic.roleAt(member, to) !== undefined,
        )
        .map(({ one: { commitment, version } }) => ({
          commitment,
          place: { topic: topic.id, version },
        })),
    );
  return [...mesh, ...topics];
}

/** The key of a place of the chain, if the ring has it. */
export const keyAt = (ring: KeyRing, place: KeyPlace): string | undefined =>
  "epoch" in place ? ring.epochKey(place.epoch) : ring.topicKey(place.topic, place.version);

/** From which entry to which each of a row of keys was the newest. */
const during = <T extends { readonly seq: number }>(keys: readonly T[], head: number) =>
  keys.map((one, index) => ({ one, from: one.seq, to: (keys[index + 1]?.seq ?? head + 1) - 1 }));
