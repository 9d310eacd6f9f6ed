import type { Handler } from "../../handler.ts";
import { endConnections } from "./end-connections.ts";

export const disconnect: Handler<"member.disconnect"> = async ({ members }, ctx) => ({
  items: await endConnections(ctx, members, 1000),
});
