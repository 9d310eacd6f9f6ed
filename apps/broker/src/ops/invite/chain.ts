import { verifyInviteOpen } from "@claudemesh/crypto/verify";
import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { findInvite } from "./find.ts";
import { requireUsable } from "./usable.ts";

export const chain: Handler<"invite.chain"> = async ({ proof, after }, ctx) => {
  const { roster, invite, head } = await findInvite(ctx, proof.invite);
  if (proof.mesh !== roster.mesh) throw ctx.fail("malformed", "proof.mesh: not the invite's mesh");
  verifyInviteOpen(proof, invite.key, ctx.caller);
  requireUsable(invite, ctx.now());
  const items = await ctx.store.read.roster(roster.mesh, after, limits.rosterPage);
  const page = { items: [...items], head: roster.head };
  return after >= 0 || head === null ? page : { ...page, inviterHead: head };
};
