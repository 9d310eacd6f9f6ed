import type { DeviceHandler } from "../../handler.ts";
import { setSlug } from "../../store/memberships.ts";
import { appendEntry } from "../append-entry.ts";
import { targetMesh } from "../target-mesh.ts";

/** Changes the name by a signed policy entry; owners only. */
export const rename: DeviceHandler<"mesh.rename"> = async ({ mesh, name }, ctx) => {
  const row = targetMesh(ctx, mesh);
  return ctx.links.using(row, async (link) => {
    const said = await appendEntry(ctx, row, link, {
      type: "policy",
      body: () => ({ name }),
      send: (entry) => link.client.mesh.rename({ entry }),
    });
    ctx.store.write(() => setSlug(ctx.store, row.mesh, said.slug));
    return { id: row.mesh, slug: said.slug, name: ctx.rosters.of(row.mesh).policy.name };
  });
};
