import { generalTopic, receiveEnvelope } from "@claudemesh/crypto";
import type { Envelope, InviteCode } from "@claudemesh/protocol";
import { type BareMember, found, makeInvite } from "@claudemesh/testkit";
import { startBroker } from "../claudemesh/broker-process.ts";
import { LoadClient } from "../claudemesh/load-client.ts";
import { callFrame } from "../claudemesh/message-frames.ts";
import type { Resources } from "../resources.ts";

/** calls that are under way at a time while a past is made */
const inFlight = 256;

/** A mesh at a broker of its own, with posts in #general. */
export interface Past {
  readonly url: string;
  readonly alice: BareMember;
  readonly posts: readonly Envelope[];
}

const generalOf = (member: BareMember) => generalTopic(member.mesh);

/** Post `n`: the word `w<n>` is in this one alone. */
const postText = (n: number): string => `post w${n}, ${"and more ".repeat(10)}`;

/** Makes a mesh whose #general has so many sealed and signed posts of one member. */
export async function pastOf(resources: Resources, count: number): Promise<Past> {
  const { url } = await startBroker(resources);
  const alice = await found(url, "alice");
  const topic = generalOf(alice);
  const posts = Array.from({ length: count }, (_, n) => alice.post(topic, postText(n)));
  await sendAll(alice, posts);
  return { url, alice, posts };
}

/** One more invite, by which one may join. */
export async function inviteTo({ alice }: Past): Promise<InviteCode> {
  await using client = alice.connect("call");
  const { items } = await client.roster.list({ after: alice.roster.head.seq });
  alice.roster.append(items);
  return makeInvite(alice);
}

/** Has the broker accept messages of a member, in their order, without waiting for each. */
export async function sendAll(from: BareMember, envelopes: readonly Envelope[]): Promise<void> {
  const client = await LoadClient.open(from, "call");
  const left = envelopes.values();
  const lane = async (): Promise<void> => {
    for (const envelope of left) await client.send(callFrame(envelope));
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  client.close();
}

/** What verifying and opening the posts takes by itself: throws where one does not open. */
export function openAll({ alice, posts }: Past): void {
  const { member, mesh, ring, roster, secret } = alice;
  const { opener } = secret;
  for (const post of posts) {
    const received = receiveEnvelope(post, { roster, ring, opener, self: { mesh, member } });
    if (received.result !== "opened") throw new Error(`a post is ${received.result}`);
  }
}
