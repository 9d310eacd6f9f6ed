import { KeyRing, openKeyBundleRow, sealShared, systemRandom } from "@claudemesh/crypto";
import {
  audienceOfTopic,
  type EnvelopeHeader,
  type MessageBody,
  type TopicId,
} from "@claudemesh/protocol";
import type { Scene } from "./lie.ts";
import { Sight } from "./sight.ts";
import type { Stage } from "./stage.ts";

/** The private topic of a stage, and the accomplice's copy of its keys, which it was given as a member. */
export interface Board {
  readonly topic: TopicId;
  readonly ring: KeyRing;
}

const boards = new WeakMap<Stage, Promise<TopicId>>();

/** The stage's private topic with everyone in it, made on first need by alice. */
export async function boardOf(stage: Stage): Promise<Board> {
  const known = boards.get(stage) ?? makeBoard(stage);
  boards.set(stage, known);
  const topic = await known;
  return { topic, ring: await ringOf(stage, topic) };
}

async function makeBoard({ alice, bob, carol, mallory, mesh }: Stage): Promise<TopicId> {
  const made = await alice.api.topic.create({ mesh, name: "board", visibility: "private" });
  for (const member of [bob.name, carol.name, mallory.name]) {
    await alice.api.topic.invite({ mesh, name: "board", member });
  }
  return made.id as TopicId;
}

async function ringOf({ mallory }: Stage, topic: TopicId): Promise<KeyRing> {
  await mallory.catchUp();
  const { roster, secret, member } = mallory;
  const commitments = roster.topics.get(topic)?.keys.map((key) => key.commitment) ?? [];
  await using client = mallory.connect("call");
  const { items } = await client.keys.list({ commitments });
  const { opener } = secret;
  const keys = items.map((row) => openKeyBundleRow(row, { roster, member, opener }));
  return KeyRing.of(roster, keys);
}

/** What the accomplice says in the topic, which it may. */
export function postByMallory(
  { bob, mallory }: Stage,
  { ring, topic }: Board,
  body: MessageBody,
  over: Partial<EnvelopeHeader> = {},
) {
  const to = audienceOfTopic(topic);
  const keyVersion = mallory.roster.topics.get(topic)?.version ?? 1;
  const place = { to, kind: "private_topic", keyVersion } as const;
  const header = mallory.header(bob.member, { ...place, ...over });
  return sealShared({ header, body, ring, signer: mallory.secret.signer, random: systemRandom });
}

/** Alice posts to the private topic; bob looks at his inbox, and at the topic's posts. */
export const posting: Scene = {
  honest: { shown: 1, text: "as written", reactions: 0, pinned: false },
  async play(stage) {
    const { alice, bob, mesh } = stage;
    await boardOf(stage);
    const sight = new Sight(stage);
    const text = stage.text();
    stage.written.add(`${alice.name}: ${text}`);
    const sent = await sight.of(() => alice.api.topic.post({ mesh, name: "board", text }));
    await sight.inboxOf(bob);
    const past = await sight.of(() => bob.api.topic.history({ mesh, name: "board", limit: 50 }));
    const post = past?.items.find(({ id }) => id === sent?.id);
    return sight.seen({
      shown: sight.shown.length,
      text: post === undefined ? "not there" : post.text === text ? "as written" : post.text,
      reactions: post?.reactions.length ?? 0,
      pinned: post?.pinned ?? false,
    });
  },
};
