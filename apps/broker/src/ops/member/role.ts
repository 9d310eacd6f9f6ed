import type { Handler } from "../../handler.ts";
import { appendAct, requireType } from "../roster-act.ts";

export const role: Handler<"member.role"> = async (input, ctx) => {
  const entry = requireType(input.entry, "role");
  await appendAct(ctx, entry);
  return { member: entry.body.member };
};
