import { type Audience, type MemberId, mayReach, memberOf, sessionOf } from "@claudemesh/protocol";
import type { MemberContext, Services } from "../../handler.ts";

type Context = MemberContext & Pick<Services, "grants" | "sessions" | "store">;

/** Whether the one that a message is for does not let its sender through. What goes to many is left out of the feeds instead. */
export async function isWithheld(to: Audience, ctx: Context): Promise<boolean> {
  const { actor, grants, roster } = ctx;
  const recipient = await recipientOf(to, ctx);
  if (recipient === undefined || recipient === actor.member) return false;
  return !mayReach((await grants.of(actor.mesh)).allowed(roster, recipient, actor.member), to);
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
