import type { Handler } from "../../handler.ts";
import { appendAct, requireType } from "../roster-act.ts";

/** The member's connections are closed once this is answered. */
export const leave: Handler<"mesh.leave"> = async (input, ctx) => {
  const entry = requireType(input.entry, "remove");
  if (entry.body.member !== ctx.actor.member) {
    throw ctx.fail("malformed", "entry.body.member: one leaves oneself only");
  }
  await appendAct(ctx, entry);
  return { left: ctx.actor.mesh };
};
