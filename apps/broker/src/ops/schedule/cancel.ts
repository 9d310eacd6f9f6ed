import type { Handler } from "../../handler.ts";

/** Takes the caller's own schedule away. */
export const cancel: Handler<"schedule.cancel"> = async ({ id }, ctx) => {
  const { actor, now, store } = ctx;
  const own = { mesh: actor.mesh, id, kind: "schedule", author: actor.member, at: now() } as const;
  if (await store.write.deleteJob(own)) return { id };
  throw ctx.fail("not_found", "id: you have no schedule of that id");
};
