import type { Handler } from "../../handler.ts";

/** Takes the caller's own watch away. */
export const del: Handler<"watch.delete"> = async ({ id }, ctx) => {
  const { actor, now, store } = ctx;
  const own = { mesh: actor.mesh, id, kind: "watch", author: actor.member, at: now() } as const;
  if (await store.write.deleteJob(own)) return { id };
  throw ctx.fail("not_found", "id: you have no watch of that id");
};
