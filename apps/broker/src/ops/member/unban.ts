import type { Handler } from "../../handler.ts";
import { appendAct, requireType } from "../roster-act.ts";

export const unban: Handler<"member.unban"> = async (input, ctx) => {
  const entry = requireType(input.entry, "restore");
  await appendAct(ctx, entry);
  return { member: entry.body.member };
};
