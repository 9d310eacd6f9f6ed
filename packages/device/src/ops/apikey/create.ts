import { sha256, toBase64, toHex, utf8, uuidv4 } from "@claudemesh/crypto";
import { type ApiKeyId, type Hash, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { resolveTopic } from "../../topics/resolve-topic.ts";
import { targetMesh } from "../target-mesh.ts";
import { makeBot } from "./make-bot.ts";

/** Draws a key here and tells the broker its hash alone; the secret is in this answer and nowhere else. */
export const create: DeviceHandler<"apikey.create"> = async (
  { mesh, name, cap, topic, expires, bot },
  ctx,
) => {
  const row = targetMesh(ctx, mesh);
  if (bot) return await makeBot(ctx, row, name);
  if (expires !== undefined && expires <= 0) {
    throw new MeshError("malformed", "expires: it must be longer than nothing");
  }
  const topics = topic && (await Promise.all(topic.map((one) => topicRowOf(ctx, row, one))));
  const secret = `cm_${toBase64(ctx.random(32))}`;
  return await ctx.links.using(row, async ({ client, clockAheadMs }) => {
    const made = await client.apikey.create({
      id: `key_${uuidv4(ctx.random)}` as ApiKeyId,
      hash: toHex(sha256(utf8(secret))) as Hash,
      name,
      capabilities: [...new Set(cap)],
      ...(topics === undefined ? {} : { topics: topics.map((one) => one.topic) }),
      ...(expires === undefined ? {} : { expiresAt: ctx.now() + clockAheadMs + expires }),
    });
    return {
      id: made.id,
      secret,
      name,
      mesh: { id: row.mesh, slug: row.slug },
      broker: row.broker,
      capabilities: made.capabilities,
      ...(topics === undefined ? {} : { topics: topics.map((one) => one.name) }),
      ...(made.expiresAt === undefined ? {} : { expiresAt: made.expiresAt }),
    };
  });
};

const topicRowOf = async (ctx: DeviceContext, row: MembershipRow, name: string) =>
  (await resolveTopic(ctx, row, name, "not_found")).row;
