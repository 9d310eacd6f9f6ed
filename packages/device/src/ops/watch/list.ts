import type { DeviceHandler } from "../../handler.ts";
import { targetName } from "../../jobs/job-target.ts";
import { askedMesh } from "../target-mesh.ts";

/** What the broker watches for this member, by its word. */
export const list: DeviceHandler<"watch.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { items } = await ctx.links.using(row, ({ client }) => client.watch.list({}));
  const of = { id: row.mesh, slug: row.slug };
  return {
    items: items.map((item) => ({ ...item, to: targetName(ctx, row, item.to), mesh: of })),
  };
};
