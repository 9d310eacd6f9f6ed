import { audienceOf, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { type NamedMember, namedIn } from "../names/member-names.ts";
import { resolveMember } from "../names/resolve-member.ts";
import { refreshMembers } from "../ops/refresh-members.ts";
import type { MembershipRow } from "../store/memberships.ts";
import type { PostPlace } from "../store/post-place.ts";
import { type ResolvedTopic, resolveTopic } from "./resolve-topic.ts";

/** What posts are read from and written to: a topic that was made, or the dm with another member, which is there as soon as one of them has written. */
export interface Conversation {
  readonly row: MembershipRow;
  readonly place: PostPlace;
  /** undefined for a dm */
  readonly topic?: ResolvedTopic;
  /** the other member of a dm */
  readonly peer?: NamedMember;
}

/** Whether what was typed names a dm: `@name`, since a topic may be called as a member is, or the other's member id. */
export const namesDm = (typed: string): boolean => /^(@|mbr_)/.test(typed);

/** Finds a topic or dm by what was typed. Throws `not_found`, `ambiguous`, `malformed` for oneself. */
export async function resolveConversation(
  ctx: DeviceContext,
  row: MembershipRow,
  typed: string,
): Promise<Conversation> {
  if (!namesDm(typed)) {
    const topic = await resolveTopic(ctx, row, typed, "not_found");
    return { row, place: topic.audience, topic };
  }
  const name = typed.replace(/^@/, "").trim();
  if (name === "") {
    throw new MeshError("malformed", "name: behind @ comes the name of a member", {
      detail: { field: "name" },
    });
  }
  const peer = currentMember(ctx, row, name) ?? (await memberAfterAsking(ctx, row, name));
  if (peer.id !== row.member) return dmWith(row, peer);
  throw new MeshError("malformed", "name: that is you; a dm is with someone else", {
    detail: { field: "name" },
  });
}

/** The dm with a member. */
export const dmWith = (row: MembershipRow, peer: NamedMember): Conversation => ({
  row,
  place: audienceOf(peer.id),
  peer,
});

/** Who is in the mesh by that name, by what is known here; undefined where nobody is. */
function currentMember(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  name: string,
): NamedMember | undefined {
  try {
    return resolveMember(name, [...namedIn(ctx, mesh).values()]);
  } catch (error) {
    if (error instanceof MeshError && error.code === "no_recipient") return undefined;
    throw error;
  }
}

/** One who came lately, or who has left: what it wrote is here. Throws `not_found`. */
async function memberAfterAsking(
  ctx: DeviceContext,
  row: MembershipRow,
  name: string,
): Promise<NamedMember> {
  try {
    await ctx.links.using(row, (link) => refreshMembers(ctx, row, link));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  const here = currentMember(ctx, row, name);
  if (here !== undefined) return here;
  const all = namedIn(ctx, row.mesh);
  try {
    const left = [...all.values()].map((one) => ({ ...one, current: true }));
    const { id } = resolveMember(name, left);
    return { ...(all.get(id) as NamedMember), current: false };
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "no_recipient") throw error;
    const { detail = {}, hint, message } = error;
    throw new MeshError("not_found", message, hint === undefined ? { detail } : { detail, hint });
  }
}
