import { type Audience, type MemberId, mayReach, memberOf, sessionOf } from "@claudemesh/protocol";
import type { MeshGrants } from "../../grants.ts";
import type { MemberContext, Services } from "../../handler.ts";

type Context = MemberContext & Pick<Services, "grants" | "sessions" | "store">;

/** Whether the one that a message is for does not let its sender through; at once where all that it takes is in memory. What goes to many is left out of the feeds instead. */
export function isWithheld(to: Audience, ctx: Context): boolean | Promise<boolean> {
  const held = ctx.grants.loaded(ctx.actor.mesh);
  if (held === undefined || sessionOf(to) !== undefined) return lookUp(to, ctx);
  return isRefused(to, memberOf(to), held, ctx);
}

async function lookUp(to: Audience, ctx: Context): Promise<boolean> {
  const recipient = await recipientOf(to, ctx);
  return isRefused(to, recipient, await ctx.grants.of(ctx.actor.mesh), ctx);
}

function isRefused(
  to: Audience,
  recipient: MemberId | undefined,
  held: MeshGrants,
  { actor, roster }: Context,
): boolean {
  if (recipient === undefined || recipient === actor.member) return false;
  return !mayReach(held.allowed(roster, recipient, actor.member), to);
}

async function recipientOf(
  to: Audience,
  { actor, sessions, store }: Context,
): Promise<MemberId | undefined> {
  const session = sessionOf(to);
  if (session === undefined) return memberOf(to);
  const live = sessions.find(actor.mesh, session);
  return (live ?? (await store.read.session(actor.mesh, session)))?.attestation.member;
}
