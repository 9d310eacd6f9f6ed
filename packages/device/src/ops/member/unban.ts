import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { resolveMember } from "../../names/resolve-member.ts";
import { appendEntry } from "../append-entry.ts";
import { refreshMembers } from "../refresh-members.ts";
import { targetMesh } from "../target-mesh.ts";

/** Lets one back whom another has removed; its devices come back when they are started, and are given the keys that it lacks. */
export const unban: DeviceHandler<"member.unban"> = async ({ mesh, member }, ctx) => {
  const row = targetMesh(ctx, mesh);
  return ctx.links.using(row, async (link) => {
    await refreshMembers(ctx, row, link);
    const roster = ctx.rosters.of(row.mesh);
    const isBanned = (id: typeof row.member) => {
      const { removedBy } = roster.members.get(id) ?? {};
      return removedBy !== undefined && removedBy !== id;
    };
    const banned = [...namedMembers(ctx.store, row.mesh, roster).values()]
      .filter(({ id }) => isBanned(id))
      .map((one) => ({ ...one, current: true }));
    if (banned.length === 0) {
      throw new MeshError("not_found", "member: nobody was removed by another");
    }
    const who = resolveMember(member, banned);
    await appendEntry(ctx, row, link, {
      type: "restore",
      body: () => ({ member: who.id }),
      send: (entry) => link.client.member.unban({ entry }),
    });
    return { member: who.id, name: who.name, role: "member" as const };
  });
};
