import type { Handler } from "../../handler.ts";
import { appendAct, requireType } from "../roster-act.ts";

export const revoke: Handler<"invite.revoke"> = async (input, ctx) => {
  const entry = requireType(input.entry, "invite_revoke");
  await appendAct(ctx, entry);
  return { id: entry.body.invite };
};
