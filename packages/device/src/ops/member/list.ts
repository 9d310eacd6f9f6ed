import { type MemberInfo, type MemberPresence, nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { trustMarks } from "../../trust/trust-marks.ts";
import { cachedRead } from "../cached-read.ts";
import { refreshMembers } from "../refresh-members.ts";
import { askedMesh } from "../target-mesh.ts";

/** Who is in the mesh by the verified chain, with what the broker says of their presence. */
export const list: DeviceHandler<"member.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { answer, ageMs } = await cachedRead(ctx, row, nouns.member.list.name, (link) =>
    refreshMembers(ctx, row, link),
  );
  const presence = new Map(answer.map((said) => [said.member, said]));
  const roster = ctx.rosters.of(row.mesh);
  const named = namedMembers(ctx.store, row.mesh, roster);
  const marks = trustMarks(ctx.store, row.mesh, roster);
  const items: MemberInfo[] = [];
  for (const { id, role, joinedAt } of roster.members.values()) {
    const member = named.get(id);
    if (member === undefined || !member.current) continue;
    const said: MemberPresence | undefined = presence.get(id);
    items.push({
      id,
      name: member.name,
      key: member.keyHex.slice(0, 16),
      role,
      trust: marks(id).trust,
      self: id === row.member,
      joinedAt,
      ...(said?.lastSeenAt === undefined ? {} : { lastSeenAt: said.lastSeenAt }),
      // What was true a while ago says nothing of now.
      online: ageMs === 0 && (said?.online ?? false),
      connections: ageMs === 0 ? (said?.connections ?? 0) : 0,
      profile: member.profile?.fields ?? {},
    });
  }
  return { items, ageMs };
};
