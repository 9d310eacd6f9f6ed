import { grantsHash, verifyGrants } from "@claudemesh/crypto/verify";
import type { Handler } from "../../handler.ts";
import { requireTimely } from "../../restored.ts";
import { judgedAgain } from "../judged-again.ts";

/** Takes a member's own signed word on what others may do to it; the same one again is answered as before. */
export const set: Handler<"grant.set"> = async ({ grants }, ctx) => {
  const { actor, config, roster, store } = ctx;
  if (grants.mesh !== actor.mesh) {
    throw ctx.fail("malformed", "grants.mesh: not the connection's mesh");
  }
  const self = roster.members.get(actor.member);
  if (grants.member !== actor.member || self === undefined) {
    throw ctx.fail("forbidden", "grants.member: one speaks for oneself only");
  }
  verifyGrants(grants, self.keys.sign);
  const hash = grantsHash(grants);
  const answer = { member: actor.member, version: grants.version };
  const before = (await ctx.grants.of(actor.mesh)).of(actor.member);
  if (before !== undefined && grantsHash(before) === hash) return answer;
  const at = ctx.now();
  await requireTimely(grants.at, ctx);
  const expiresAt = at + config.sharedTtlMs;
  const appended = await store.write.appendGrants({
    mesh: actor.mesh,
    rosterSeq: roster.head.seq,
    grants,
    hash,
    at,
    expiresAt,
  });
  if (appended === "barred") return await set({ grants }, await judgedAgain(ctx));
  if (appended === "stale") {
    throw ctx.fail("conflict", "grants.version: a newer statement is there already");
  }
  await ctx.grants.note(grants);
  return answer;
};
