import { generalTopic } from "@claudemesh/crypto/verify";
import {
  type Audience,
  audienceOfMany,
  everyone,
  type MemberId,
  mayReach,
  topicOf,
} from "@claudemesh/protocol";
import type { MemberContext, Services } from "../../handler.ts";

type Context = MemberContext & Pick<Services, "grants" | "store">;

interface Naming {
  readonly to: Audience;
  readonly mentions?: readonly MemberId[] | undefined;
}

/** Of those whom something said to many names, who may read it and lets its sender's words through; undefined where it names nobody. One who posts by an API key may name its own owner. */
export async function namedIn(
  { to, mentions = [] }: Naming,
  ctx: Context,
): Promise<readonly MemberId[] | undefined> {
  if (mentions.length === 0 || audienceOfMany(to) === null) return undefined;
  const { actor, grants, roster } = ctx;
  const held = await grants.of(actor.mesh);
  const isTold = (member: MemberId) =>
    member === actor.member
      ? actor.key !== undefined
      : roster.isMember(member) && mayReach(held.allowed(roster, member, actor.member), to);
  const asked = [...new Set(mentions)].filter(isTold);
  const readers = await Promise.all(asked.map((member) => mayRead(member, to, ctx)));
  const named = asked.filter((_member, at) => readers[at]);
  return named.length === 0 ? undefined : named;
}

async function mayRead(
  member: MemberId,
  to: Audience,
  { actor, roster, store }: Context,
): Promise<boolean> {
  const topic = topicOf(to);
  if (to === everyone || topic === generalTopic(actor.mesh)) return true;
  const inside = topic && roster.topics.get(topic);
  if (inside !== undefined) return inside.members.has(member);
  if (topic !== undefined) {
    const row = await store.read.topic(actor.mesh, topic);
    if (row?.statement.history !== "none") return row !== undefined;
  }
  const { headSeq = 0 } = (await store.read.mesh(actor.mesh)) ?? {};
  const spans = await store.read.spans(actor.mesh, { member, after: headSeq });
  return spans.some(({ audience, until }) => audience === to && until === null);
}
