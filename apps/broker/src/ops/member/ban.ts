import type { Handler } from "../../handler.ts";
import { appendAct, requireType } from "../roster-act.ts";

/** The removed member's connections and sessions end as the entry is applied. */
export const ban: Handler<"member.ban"> = async (input, ctx) => {
  const entry = requireType(input.entry, "remove");
  if (entry.body.member === ctx.actor.member) {
    throw ctx.fail("malformed", "entry.body.member: one does not ban oneself; leave instead");
  }
  await appendAct(ctx, entry);
  return { member: entry.body.member };
};
