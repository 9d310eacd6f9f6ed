import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { aliasesOf } from "../../store/alias-rows.ts";
import { listMemberships } from "../../store/memberships.ts";

/** The aliases of one mesh or all. */
export const list: DeviceHandler<"alias.list"> = async ({ mesh }, ctx) => {
  const all = listMemberships(ctx.store);
  const rows = mesh === undefined ? all : [resolveMesh(mesh, all)];
  const items = rows.flatMap((row) => {
    const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
    return aliasesOf(ctx.store, row.mesh).map(({ name: alias, member, at }) => ({
      alias,
      mesh: { id: row.mesh, slug: row.slug },
      member,
      name: named.get(member)?.name ?? member,
      at,
    }));
  });
  return { items };
};
