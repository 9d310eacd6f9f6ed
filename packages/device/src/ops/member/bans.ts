import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { syncRoster } from "../../mesh-link/sync-roster.ts";
import { namedMembers } from "../../names/member-names.ts";
import { rosterEntryAt } from "../../store/roster-entries.ts";
import { askedMesh } from "../target-mesh.ts";

/** By the verified chain; the broker is asked only to bring it up to date. */
export const bans: DeviceHandler<"member.bans"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  try {
    await ctx.links.using(row, ({ client }) => syncRoster(ctx.rosters, row.mesh, client));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  const roster = ctx.rosters.of(row.mesh);
  const named = namedMembers(ctx.store, row.mesh, roster);
  const items = [...roster.members.values()].flatMap(({ id, removedBy, removedSeq, role }) => {
    if (removedSeq === undefined || removedBy === undefined || removedBy === id) return [];
    const at = rosterEntryAt(ctx.store, row.mesh, removedSeq)?.at ?? 0;
    const name = named.get(id)?.name ?? id;
    return [{ member: id, name, role, at, by: named.get(removedBy)?.name ?? removedBy }];
  });
  return { items };
};
