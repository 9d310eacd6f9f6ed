import type { Handler } from "../../handler.ts";

/** A session's own counters; nothing checks them. */
export const report: Handler<"stats.report"> = async ({ session, stats }, ctx) => {
  if (ctx.sessions.change(ctx.actor, session, { stats }) > 0) return { session };
  throw ctx.fail("not_found", "session: not attached by this device");
};
