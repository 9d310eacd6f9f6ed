import { limits, type MemberId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { namedMembers } from "../names/member-names.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** How many `@` of a text are looked at. */
const most = 256;

/** The members whom a text names as `@name`: current ones, the writer left out, in the order of the text, at most as many as a header holds. */
export function mentionsIn(ctx: DeviceContext, row: MembershipRow, text: string): MemberId[] {
  if (!text.includes("@")) return [];
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  const names = [...named.values()]
    .filter(({ current, id }) => current && id !== row.member)
    .map(({ id, name }) => ({ id, name: name.toLowerCase() }))
    // The longer name first: `@ann lee` does not name ann.
    .sort((a, b) => b.name.length - a.name.length);
  const lower = text.toLowerCase();
  const found = new Set<MemberId>();
  for (const { index } of [...lower.matchAll(/(?<![\p{L}\p{N}_])@/gu)].slice(0, most)) {
    const rest = lower.slice(index + 1);
    const who = names.find(({ name }) => rest.startsWith(name) && endsAWord(rest, name.length));
    if (who !== undefined) found.add(who.id);
  }
  return [...found].slice(0, limits.mentions);
}

const endsAWord = (text: string, at: number): boolean => !/^[\p{L}\p{N}_-]/u.test(text.slice(at));
