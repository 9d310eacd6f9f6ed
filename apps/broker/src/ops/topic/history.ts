import { type Audience, audienceOfTopic } from "@claudemesh/protocol";
import type { Handler, MemberContext, Services } from "../../handler.ts";
import type { TopicPost } from "../../store/topics-port.ts";
import { type FoundTopic, foundTopic } from "./found-topic.ts";

type Context = MemberContext & Pick<Services, "store">;

/** Posts of a topic, newest first, as far back as mesh and topic let those who came later read. */
export const history: Handler<"topic.history"> = async ({ topic, before, limit }, ctx) => {
  const { actor, store } = ctx;
  const found = await foundTopic(topic, ctx);
  const after = await pastOf(found, ctx);
  const rows = await store.read.posts(actor.mesh, {
    topic,
    after,
    before: before ?? Number.MAX_SAFE_INTEGER,
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  return {
    items: items.filter(isSealed).map(({ seq, body }) => ({ seq, body: JSON.parse(body) })),
    plain: items
      .filter((item) => !isSealed(item))
      .map(({ seq, body }) => ({ seq, body: JSON.parse(body) })),
    more: rows.length > limit,
  };
};

const isSealed = ({ kind }: TopicPost): boolean => kind === "message";

/** The place in the log up to which the caller may not read. */
export async function pastOf({ row, topic }: FoundTopic, ctx: Context): Promise<number> {
  const { actor, roster, store } = ctx;
  const joinedSeq = roster.members.get(actor.member)?.joinedSeq ?? 0;
  const joined =
    roster.policy.historyForNewMembers === "none"
      ? ((await store.read.rosterLogSeq(actor.mesh, joinedSeq)) ?? 0)
      : 0;
  if (row?.statement.history !== "none") return joined;
  const spans = await store.read.spans(actor.mesh, { member: actor.member, after: 0 });
  const audience: Audience = audienceOfTopic(topic);
  const own = spans.find((span) => span.audience === audience && span.until === null);
  return Math.max(joined, own?.from ?? Number.MAX_SAFE_INTEGER);
}
