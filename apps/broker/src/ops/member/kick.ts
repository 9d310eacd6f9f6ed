import type { Handler } from "../../handler.ts";
import { endConnections } from "./end-connections.ts";

/** Whoever is kicked does not come back by itself: its sessions leave at once, without the time that one gets whose connection was lost. */
export const kick: Handler<"member.kick"> = async ({ members }, ctx) => {
  const items = await endConnections(ctx, members, 4001);
  for (const { member } of items) ctx.sessions.drop(ctx.actor.mesh, member);
  return { items };
};
