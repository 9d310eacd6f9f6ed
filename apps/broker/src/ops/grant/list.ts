import type { Handler } from "../../handler.ts";

/** A member reads its own; what others allow it is not told. */
export const list: Handler<"grant.list"> = async (_input, ctx) => {
  const grants = (await ctx.grants.of(ctx.actor.mesh)).of(ctx.actor.member);
  return grants === undefined ? {} : { grants };
};
