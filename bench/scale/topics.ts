import { newTopicId, signTopic, systemRandom, topicHash } from "@claudemesh/crypto";
import type { TopicId } from "@claudemesh/protocol";
import type { BareMember } from "@claudemesh/testkit";
import type { Store } from "../../apps/broker/src/store/port.ts";
import { type MessageFrame, postFrames } from "../claudemesh/message-frames.ts";
import { crowdIn } from "./crowd-fill.ts";
import type { PairOf } from "./traffic.ts";

/** topics that are given to the store at once */
const atOnce = 100;
const dayMs = 24 * 3_600_000;

/** Two who write to each other in topics. */
export type Talk = Omit<PairOf, "at"> & Required<Pick<PairOf, "frames">>;

/** Makes a mesh of two in an open store, with so many public topics that both are in; posts go round over all of them. */
export async function talkIn(store: Store, count: number): Promise<Talk> {
  const [alice, bob] = (await crowdIn(store, 2)) as [BareMember, BareMember];
  const topics = Array.from({ length: count }, () => newTopicId(systemRandom));
  for (let from = 0; from < count; from += atOnce) {
    const some = topics.slice(from, from + atOnce);
    await Promise.all(
      some.map((topic, n) => putTopic(store, { alice, bob, topic, name: `topic-${from + n}` })),
    );
  }
  return { alice, bob, frames: (from) => inTurn(from, topics) };
}

async function putTopic(
  store: Store,
  wish: {
    readonly alice: BareMember;
    readonly bob: BareMember;
    readonly topic: TopicId;
    readonly name: string;
  },
): Promise<void> {
  const { alice, bob, name, topic } = wish;
  const { mesh } = alice;
  const at = Date.now();
  const said = { mesh, topic, version: 1, name, visibility: "public" as const, at };
  const statement = signTopic(said, alice.secret.signer);
  const when = { mesh, at, expiresAt: at + 30 * dayMs };
  const lead = alice.member;
  const put = { ...when, statement, hash: topicHash(statement), before: null, lead };
  const kept = await store.write.putTopic(put);
  if (kept !== "kept") throw new Error(`${name} is ${kept}`);
  await store.write.moveInTopic({ ...when, topic, member: bob.member, role: "member" });
}

/** Posts of one member, to one topic after the other. */
function inTurn(from: BareMember, topics: readonly TopicId[]): () => MessageFrame {
  const each = topics.map((topic) => postFrames(from, topic));
  let next = 0;
  return () => {
    next = (next + 1) % each.length;
    return (each[next] as () => MessageFrame)();
  };
}
