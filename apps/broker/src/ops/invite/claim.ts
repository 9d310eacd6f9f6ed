import {
  type Member,
  memberIdOf,
  profileHash,
  type Roster,
  verifyInviteProof,
  verifyProfile,
} from "@claudemesh/crypto/verify";
import type { EntryOf, InviteId, Output, WelcomeBlob } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";
import { slugOf } from "../mesh/mesh-info.ts";
import { requireType } from "../roster-act.ts";
import { findInvite } from "./find.ts";
import { requireUsable } from "./usable.ts";

type Context = CallContext<"invite.claim">;
type Join = EntryOf<"join">;

/** Lets the holder of an invite in, and only then releases the welcome blob. The same keys again are answered with the entry that they have. */
export const claim: Handler<"invite.claim"> = async ({ entry: offered, profile }, ctx) => {
  const { joins, now, rosters } = ctx;
  const entry = requireType(offered, "join");
  const { invite: id, keys } = entry.body;
  const { roster, invite } = await findInvite(ctx, id);
  if (entry.mesh !== roster.mesh) throw ctx.fail("malformed", "entry.mesh: not the invite's mesh");
  verifyInviteProof({ mesh: roster.mesh, invite: id, keys }, entry.body.proof, invite.key);
  const known = joinedBy(roster, entry);
  if (known !== undefined) return await answerOf(known, roster, ctx);

  if (profile.mesh !== roster.mesh) throw ctx.fail("malformed", "profile.mesh: not the invite's");
  if (profile.member !== memberIdOf(entry)) {
    throw ctx.fail("malformed", "profile.member: not the member that the entry brings in");
  }
  verifyProfile(profile, entry.author);
  requireUsable(invite, now());
  await welcomeOf(id, ctx);
  try {
    const { repeated } = await rosters.append({
      mesh: roster.mesh,
      entry,
      connection: ctx.caller.connection,
      write: ctx.store.write,
      profile: { statement: profile, hash: profileHash(profile) },
      require: (chain) => {
        if (joinedBy(chain, entry)) throw ctx.fail("already_member", "joined by another call");
        const current = chain.invites.get(id);
        if (current !== undefined) requireUsable(current, now());
        joins.require(id);
      },
    });
    if (!repeated) joins.count(id);
  } catch (error) {
    if (joinedBy(roster, entry) === undefined) throw error;
  }
  const member = joinedBy(roster, entry);
  if (member === undefined) throw new Error("an appended join was not applied");
  return await answerOf(member, roster, ctx);
};

/** Who has joined with the same keys by the same invite. */
function joinedBy(roster: Roster, { body }: Join): Member | undefined {
  const member = roster.memberByKey(body.keys.sign);
  const same = member?.keys.seal === body.keys.seal && member.invite === body.invite;
  return same ? member : undefined;
}

async function answerOf(
  member: Member,
  roster: Roster,
  ctx: Context,
): Promise<Output<"invite.claim">> {
  if (!roster.isMember(member.id)) {
    throw ctx.fail("already_member", "these keys were in the mesh before; join with new ones");
  }
  const seq = (await ctx.store.read.rosterLogSeq(roster.mesh, member.joinedSeq)) ?? 0;
  const welcome = await welcomeOf(member.invite, ctx);
  return { member: member.id, seq, slug: slugOf(roster.policy.name), welcome };
}

async function welcomeOf(invite: InviteId | undefined, ctx: Context): Promise<WelcomeBlob> {
  const row = invite && (await ctx.store.read.invite(invite));
  if (row?.blob) return row.blob;
  throw ctx.fail("expired", "what the invite opens is not kept any more", {
    hint: "ask the inviter for a new link",
  });
}
