import { profileHash, verifyProfile } from "@claudemesh/crypto/verify";
import { editableFields, type Profile } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";
import { requireTimely } from "../../restored.ts";
import { judgedAgain } from "../judged-again.ts";

type Context = CallContext<"member.update">;

/** Takes a member's own signed profile; the same one again is answered as before. */
export const update: Handler<"member.update"> = async ({ profile }, ctx) => {
  const { actor, config, roster, store } = ctx;
  if (profile.mesh !== actor.mesh) {
    throw ctx.fail("malformed", "profile.mesh: not the connection's mesh");
  }
  const self = roster.members.get(actor.member);
  if (profile.member !== actor.member || self === undefined) {
    throw ctx.fail("forbidden", "profile.member: one changes one's own profile only");
  }
  verifyProfile(profile, self.keys.sign);
  const hash = profileHash(profile);
  const answer = { member: actor.member, version: profile.version };
  const profiles = await store.read.profiles(actor.mesh);
  const before = profiles.find(({ member }) => member === actor.member);
  if (before !== undefined && profileHash(before) === hash) return answer;

  const at = ctx.now();
  await requireTimely(profile.at, ctx);
  if (self.role !== "owner" && self.role !== "admin") requireEditable(profile, before, ctx);
  const expiresAt = at + config.sharedTtlMs;
  const statement = { statement: profile, hash };
  const appended = await store.write.appendProfile({
    mesh: actor.mesh,
    rosterSeq: roster.head.seq,
    profile: statement,
    at,
    expiresAt,
  });
  if (appended === "barred") return await update({ profile }, await judgedAgain(ctx));
  if (appended === "stale") {
    throw ctx.fail("conflict", "profile.version: a newer profile is there already");
  }
  return answer;
};

function requireEditable(profile: Profile, before: Profile | undefined, ctx: Context): void {
  for (const name of editableFields) {
    if (ctx.roster.policy.selfEditable.includes(name)) continue;
    const same = JSON.stringify(profile.fields[name]) === JSON.stringify(before?.fields[name]);
    if (!same)
      throw ctx.fail("forbidden", `profile.fields.${name}: only admins may change it here`);
  }
}
