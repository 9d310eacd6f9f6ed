import type { Handler } from "../../handler.ts";
import { findInvite } from "./find.ts";
import { requireUsable } from "./usable.ts";

export const preview: Handler<"invite.preview"> = async (input, ctx) => {
  const { roster, invite } = await findInvite(ctx, input.invite);
  requireUsable(invite, ctx.now());
  const profiles = await ctx.store.read.profiles(roster.mesh);
  const inviter = profiles.find(({ member }) => member === invite.author);
  return {
    mesh: roster.mesh,
    name: roster.policy.name,
    inviter: inviter?.fields.displayName ?? "",
    role: invite.role,
    expiresAt: invite.expiresAt,
    members: roster.memberCount,
  };
};
