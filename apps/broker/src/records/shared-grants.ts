import { type Capability, type MemberId, MeshError } from "@claudemesh/protocol";
import type { RecordContext } from "./author.ts";

/** What a member lets the caller do with what it wrote. Oneself may do everything. */
export async function sharedGrants(
  ctx: Pick<RecordContext, "actor" | "grants" | "roster">,
): Promise<{ mayRead(author: MemberId): boolean; mayWrite(author: MemberId): boolean }> {
  const { actor, roster } = ctx;
  const held = await ctx.grants.of(actor.mesh);
  const { member } = actor;
  const allows = (author: MemberId, one: Capability) =>
    author === member || held.allowed(roster, author, member).includes(one);
  return {
    mayRead: (author) => allows(author, "state-read"),
    mayWrite: (author) =>
      allows(author, "state-write") ||
      // Shared data is everyone's to change until somebody says who may: a member by a rule or its own defaults, or the mesh's policy.
      (held.allowed(roster, author, member).includes("state-read") &&
        roster.policy.defaultGrants === undefined &&
        held.of(author)?.defaults === undefined &&
        held.of(author)?.rules.every((rule) => rule.member !== member) !== false),
  };
}

export const mayNotChange = (): MeshError =>
  new MeshError("forbidden", "its author does not let you change it", {
    hint: "ask for the capability state-write: claudemesh grant <you> state-write",
    detail: { reason: "grants" },
  });
