import { PROTOCOL_VERSION } from "@claudemesh/protocol";
import type { RouteHandler } from "./route-handler.ts";

/** Says which daemon this is. */
export const hello: RouteHandler<"hello"> = (_input, _caller, ctx) => ({
  version: ctx.version,
  protocol: PROTOCOL_VERSION,
  pid: ctx.pid,
  home: ctx.home,
  startedAt: ctx.startedAt,
});
