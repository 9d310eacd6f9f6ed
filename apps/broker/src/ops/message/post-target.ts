import { generalName, generalTopic } from "@claudemesh/crypto/verify";
import {
  type Audience,
  audienceOf,
  audienceOfGroup,
  audienceOfTopic,
  everyone,
  MemberId,
  MeshError,
  memberOf,
  TopicId,
  topicOf,
} from "@claudemesh/protocol";
import { outOfScope, reachesTopic } from "../../api-keys/require-reach.ts";
import type { MemberContext, Services } from "../../handler.ts";
import { topicNamed } from "../topic/topic-named.ts";

type Context = MemberContext & Pick<Services, "displayNames" | "rosters" | "store">;

/** Whom a post without a member's signature is for, by a name: a key's, or what the broker says for a member. Throws `forbidden` where the author may not write there, `no_recipient` or `ambiguous` where nobody is meant. */
export async function postTarget(to: string, ctx: Context): Promise<Audience> {
  const { key } = ctx.actor;
  if (to.startsWith("#") || TopicId.safeParse(to).success) {
    const topic = await topicNamed(to, ctx);
    if (topic === undefined) throw new MeshError("no_recipient", "to: there is no such topic");
    await requirePlace(topic, ctx);
    return audienceOfTopic(topic);
  }
  if (key?.topics !== undefined) throw outOfScope("the whole mesh");
  if (to === everyone) return everyone;
  return to.startsWith("@") ? await groupNamed(to.slice(1), ctx) : await memberNamed(to, ctx);
}

/** Throws as `postTarget` where an audience that was found before cannot be told any more. */
export async function requireTarget(to: Audience, ctx: Context): Promise<void> {
  const topic = topicOf(to);
  if (topic !== undefined) {
    const row = await ctx.store.read.topic(ctx.actor.mesh, topic);
    const isThere = topic === generalTopic(ctx.actor.mesh) || (row && row.endedAt === null);
    if (!isThere) throw new MeshError("no_recipient", "to: there is no such topic any more");
    await requirePlace(topic, ctx);
  }
  const member = memberOf(to);
  if (member !== undefined && !ctx.roster.isMember(member)) {
    throw new MeshError("no_recipient", "to: the recipient is not in the mesh any more");
  }
}

/** One posts where one may, a key where its owner may; a key into a private topic only if it was made for that topic by name. */
async function requirePlace(topic: TopicId, ctx: Context): Promise<void> {
  const { actor, roster, store } = ctx;
  const { key, mesh, member } = actor;
  const hidden = roster.topics.get(topic);
  if (key !== undefined && !reachesTopic(key, roster, topic)) {
    throw new MeshError("no_recipient", "to: there is no such topic");
  }
  if (topic === generalTopic(mesh)) return;
  const role = hidden?.members.get(member) ?? (await store.read.topicRole(mesh, { topic, member }));
  if (role !== undefined && role !== "observer") return;
  const who = key === undefined ? "the author is" : "the API key's owner is";
  throw new MeshError(
    "forbidden",
    role === undefined
      ? `to: ${who} not in that topic`
      : `to: ${who} an observer there, and observers do not post`,
    { detail: { reason: "owner" } },
  );
}

async function groupNamed(group: string, ctx: Context): Promise<Audience> {
  const to = audienceOfGroup(group);
  const [someone] = await ctx.store.read.bearers(ctx.actor.mesh, to, 1);
  if (someone === undefined) throw new MeshError("no_recipient", "to: nobody is in that group");
  return to;
}

const memberNamed = async (name: string, ctx: Context): Promise<Audience> =>
  audienceOf(await requireMember(name, "to", ctx));

/** The member of an id or display name; a name is the broker's word, and so must fit one alone. */
export async function requireMember(name: string, field: string, ctx: Context): Promise<MemberId> {
  const { actor, displayNames, roster } = ctx;
  const id = MemberId.safeParse(name);
  if (id.success && roster.isMember(id.data)) return id.data;
  const wanted = name.normalize("NFC").toLowerCase();
  const fits = [...(await displayNames.of(actor.mesh))]
    .filter(([, shown]) => shown.normalize("NFC").toLowerCase() === wanted)
    .map(([member]) => member)
    .filter((member) => roster.isMember(member));
  const [found] = fits;
  if (found === undefined) {
    const topic = field === "to" ? { hint: `for the topic of that name: #${generalName}` } : {};
    throw new MeshError("no_recipient", `${field}: nobody of that name is in the mesh`, topic);
  }
  if (fits.length > 1) {
    throw new MeshError(
      "ambiguous",
      `${field}: ${fits.length} members have that name; give the id`,
      {
        detail: { ids: fits },
      },
    );
  }
  return found;
}
