import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { ownGrants } from "../../store/grants-rows.ts";
import { allowedTo, keepGrants } from "../../trust/keep-grants.ts";
import { knownMembers } from "../known-members.ts";
import { askedMesh } from "../target-mesh.ts";

/** What each other member may do, by the newest word that this home or the broker has of it. */
export const list: DeviceHandler<"grant.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const named = await knownMembers(ctx, row);
  try {
    const { grants } = await ctx.links.using(row, ({ client }) => client.grant.list({}));
    if (grants !== undefined) keepGrants(ctx, row, grants);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  const defaults = ownGrants(ctx.store, row.mesh)?.defaults;
  const items = [...named.values()]
    .filter(({ id, current }) => current && id !== row.member)
    .map(({ id, name }) => {
      const allowed = [...allowedTo(ctx, row, id)];
      return {
        mesh: { id: row.mesh, slug: row.slug },
        member: id,
        name,
        capabilities: allowed,
        blocked: allowed.length === 0,
      };
    });
  return { items, ...(defaults === undefined ? {} : { defaults }) };
};
