import { type MemberId, MeshError, type TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** Throws `malformed`, asking for the first topic's name to be typed, where a member is the last in private topics: with it goes the only key to what was posted there. */
export function requireNotLast(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  member: MemberId,
  topics: readonly { readonly topic: TopicId; readonly name: string }[],
): void {
  const roster = ctx.rosters.of(mesh);
  const lost = topics.filter(({ topic }) => {
    const members = roster.topics.get(topic)?.members;
    return members?.size === 1 && members.has(member);
  });
  const [first] = lost;
  if (first === undefined) return;
  const names = lost.map(({ name }) => `#${name}`).join(", ");
  throw new MeshError(
    "malformed",
    `name: nobody else has the key of ${names}; without it its posts are lost`,
    {
      hint: `bring someone in first: claudemesh topic invite ${first.name} <member>; or say --even-as-last`,
      detail: { field: "name", confirm: { field: "evenAsLast", word: first.name } },
    },
  );
}
