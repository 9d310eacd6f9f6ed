import type { Handler } from "../../handler.ts";
import { describeStream, roleFor } from "./found-stream.ts";

/** Makes a stream known to those whom it is for. Who only observes a topic makes none in it. */
export const create: Handler<"stream.create"> = async ({ name, topic }, ctx) => {
  const { actor, now, store } = ctx;
  if ((await roleFor({ name, topic }, ctx)) === "observer") {
    throw ctx.fail("forbidden", "topic: observers make no streams in it");
  }
  const row = { name, topic: topic ?? ("" as const), by: actor.member, createdAt: now() };
  const outcome = await store.write.putStream({ mesh: actor.mesh, ...row });
  if (outcome === "full") throw ctx.fail("exhausted", "the mesh has as many streams as it may");
  if (outcome === "exists") throw ctx.fail("exists", `name: there is a stream ${name} already`);
  return describeStream(row);
};
