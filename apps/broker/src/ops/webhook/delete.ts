import type { Handler } from "../../handler.ts";

/** Takes a webhook away, whoever made it: what is posted to its URL is refused from then on. */
export const del: Handler<"webhook.delete"> = async ({ id }, ctx) => {
  const { actor, now, store } = ctx;
  const there = { mesh: actor.mesh, id, kind: "webhook", at: now() } as const;
  if (await store.write.deleteJob(there)) return { id };
  throw ctx.fail("not_found", "id: the mesh has no webhook of that id");
};
