import type { Handler } from "../../handler.ts";
import { endConnections } from "./end-connections.ts";

export const kick: Handler<"member.kick"> = async ({ members }, ctx) => ({
  items: endConnections(ctx, members, 4001),
});
