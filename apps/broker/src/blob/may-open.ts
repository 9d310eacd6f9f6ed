import { generalTopic } from "@claudemesh/crypto/verify";
import {
  type Audience,
  audienceOfTopic,
  everyone,
  MeshError,
  type TopicId,
} from "@claudemesh/protocol";
import type { KeyActor } from "../api-keys/key-actor.ts";
import { reachesTopic } from "../api-keys/require-reach.ts";
import type { MemberContext, Services } from "../handler.ts";
import { foundTopic } from "../ops/topic/found-topic.ts";
import { pastOf } from "../ops/topic/history.ts";
import type { FileRow } from "../store/files-port.ts";

type Context = MemberContext & Pick<Services, "now" | "store">;

export interface OpenAudience {
  readonly audience: Audience;
  /** the place in the log up to which the member may not read */
  readonly after: number;
}

/** How far back a member may read what went to an audience; undefined where it may read nothing of it. */
export async function openAudience(
  audience: Audience,
  ctx: Context,
): Promise<OpenAudience | undefined> {
  const { key } = ctx.actor;
  if (key !== undefined && !keyReaches(key, audience, ctx)) return undefined;
  // What goes to everyone is read as far back as what is posted to #general.
  const topic = (
    audience === everyone ? generalTopic(ctx.actor.mesh) : audience.slice(2)
  ) as TopicId;
  try {
    return { audience, after: await pastOf(await foundTopic(topic, ctx), ctx) };
  } catch (error) {
    if (error instanceof MeshError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Whether an audience is one of a key's. */
export const keyReaches = (
  key: KeyActor,
  audience: Audience,
  { roster }: Pick<Context, "roster">,
): boolean =>
  audience === everyone
    ? key.topics === undefined
    : reachesTopic(key, roster, audience.slice(2) as TopicId);

/** Every audience of which a member may read something. */
export async function openAudiences(ctx: Context): Promise<OpenAudience[]> {
  const topics = await ctx.store.read.topics(ctx.actor.mesh);
  const all = [
    everyone,
    audienceOfTopic(generalTopic(ctx.actor.mesh)),
    ...topics.filter(({ ended }) => ended !== true).map(({ topic }) => audienceOfTopic(topic)),
  ];
  const open = await Promise.all(all.map((audience) => openAudience(audience, ctx)));
  return open.filter((one) => one !== undefined);
}

/** Whether a member may open a shared file: its uploader, whom it was sealed to, and who may read what its audience reads. */
export async function mayOpen(row: FileRow, ctx: Context): Promise<boolean> {
  const { manifest, member, seq } = row;
  if (manifest === undefined) return false;
  if (manifest.expiresAt !== undefined && manifest.expiresAt <= ctx.now()) return false;
  const { actor, store } = ctx;
  // A key acts for its owner in its topics alone: what is the owner's by name is no business of the key's.
  const byName = actor.key === undefined;
  if (byName && member === actor.member) return true;
  if (byName && (await store.read.fileSeal(actor.mesh, row.file, actor.member)) !== undefined)
    return true;
  const open = manifest.to === undefined ? undefined : await openAudience(manifest.to, ctx);
  return open !== undefined && seq > open.after;
}
