import type { CloseCode, MemberId } from "@claudemesh/protocol";
import type { MemberContext, Services } from "../../handler.ts";
import { requireBelow } from "../../permissions.ts";

/** Ends every connection of each member, all or none of whom the caller may act on. Answers how many each had. */
export function endConnections(
  { actor, connections, roster }: Services & MemberContext,
  members: readonly MemberId[],
  code: CloseCode,
): { member: MemberId; connections: number }[] {
  const distinct = [...new Set(members)];
  for (const member of distinct) requireBelow(roster, actor.member, member);
  return distinct.map((member) => ({
    member,
    connections: connections.finishMember(actor.mesh, member, code),
  }));
}
