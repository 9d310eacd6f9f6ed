import { entryHash, inviteIdOf } from "@claudemesh/crypto/verify";
import type { Handler } from "../../handler.ts";
import { appendAct, requireType } from "../roster-act.ts";

export const create: Handler<"invite.create"> = async (input, ctx) => {
  const entry = requireType(input.entry, "invite");
  const { invite: id, key, expiresAt } = entry.body;
  if (id !== inviteIdOf(key)) {
    throw ctx.fail("malformed", "entry.body.invite: not the id that belongs to the invite's key");
  }
  const answer = { id, publicUrl: ctx.publicUrl() };
  if (ctx.roster.hashAt(entry.seq) !== entryHash(entry)) {
    if (expiresAt <= ctx.now()) throw ctx.fail("malformed", "entry.body.expiresAt: in the past");
    if (await ctx.store.read.invite(id)) {
      throw ctx.fail("malformed", "entry.body.invite: this broker has that invite already");
    }
  }
  await appendAct(ctx, entry, { invite: id, blob: input.welcome, head: input.inviterHead });
  return answer;
};
