import { apiKeyCapabilities } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";
import { foundTopic } from "../topic/found-topic.ts";
import { describeKey } from "./describe-key.ts";

/** Keeps a key by the hash of its secret, for the caller and topics that it may know of; the same one again is answered as before. */
export const create: Handler<"apikey.create"> = async (input, ctx) => {
  const { actor, now, store } = ctx;
  const { id, hash, name } = input;
  const at = now();
  const again = await known(input, ctx);
  if (again !== undefined) return describeKey(again, at);
  if (input.expiresAt !== undefined && input.expiresAt <= at) {
    throw ctx.fail("malformed", "expiresAt: in the past");
  }
  for (const topic of input.topics ?? []) await foundTopic(topic, ctx);
  const put = {
    mesh: actor.mesh,
    id,
    name,
    hash,
    owner: actor.member,
    capabilities: apiKeyCapabilities.filter((one) => input.capabilities.includes(one)),
    topics: input.topics === undefined ? null : [...new Set(input.topics)],
    at,
    expiresAt: input.expiresAt ?? null,
  };
  const outcome = await store.write.putApiKey(put);
  if (outcome === "full") {
    throw ctx.fail("exhausted", "the mesh has as many API keys as it may have", {
      hint: "revoke those that nobody uses: claudemesh apikey list",
    });
  }
  if (outcome === "taken") throw ctx.fail("conflict", "id: used already for another key");
  return describeKey({ ...put, createdAt: at, revokedAt: null, usedAt: null }, at);
};

async function known(
  { id, hash }: Parameters<Handler<"apikey.create">>[0],
  { actor, store }: CallContext<"apikey.create">,
) {
  const row = await store.read.apiKey(hash);
  const isOwn = row?.mesh === actor.mesh && row.owner === actor.member && row.id === id;
  return isOwn ? row : undefined;
}
