import type { CloseCode, MemberId } from "@claudemesh/protocol";
import type { MemberContext, Services } from "../../handler.ts";
import { requireBelow } from "../../permissions.ts";

/** Ends every connection of each member, all or none of whom the caller may act on. Answers how many each had. Nothing stored changes, but the audit chain tells of it. */
export async function endConnections(
  { actor, connections, now, roster, store }: Services & MemberContext,
  members: readonly MemberId[],
  code: CloseCode,
): Promise<{ member: MemberId; connections: number }[]> {
  const distinct = [...new Set(members)];
  for (const member of distinct) requireBelow(roster, actor.member, member);
  const { mesh } = actor;
  const act = "connections.end";
  await Promise.all(
    distinct.map((about) => store.write.appendAudit({ mesh, at: now(), act, about })),
  );
  return await Promise.all(
    distinct.map(async (member) => ({
      member,
      connections: await connections.finishMember(mesh, member, code),
    })),
  );
}
