import { hasPermission } from "@claudemesh/crypto/verify";
import type { Handler } from "../../handler.ts";
import { foundStream } from "./found-stream.ts";

/** Ends a stream: its author does, a lead of its topic, and an admin who manages topics. */
export const del: Handler<"stream.delete"> = async ({ name, topic }, ctx) => {
  const { actor, now, roster, store } = ctx;
  const { role, row } = await foundStream({ name, topic }, ctx);
  const self = roster.members.get(actor.member);
  const isAdmin = self?.role === "owner" || self?.role === "admin";
  const may =
    row.by === actor.member ||
    role === "lead" ||
    (isAdmin && hasPermission(self, "topics", roster.policy));
  if (!may) throw ctx.fail("forbidden", "name: only who made it and admins delete a stream");
  const wish = { mesh: actor.mesh, name, topic: topic ?? ("" as const), at: now() };
  await store.write.deleteStream(wish);
  return { name };
};
