import type { DeviceHandler } from "../../handler.ts";
import { targetName } from "../../jobs/job-target.ts";
import { namedIn } from "../../names/member-names.ts";
import { askedMesh } from "../target-mesh.ts";

/** The mesh's webhooks, with whom they tell and who made them by name. */
export const list: DeviceHandler<"webhook.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { items } = await ctx.links.using(row, ({ client }) => client.webhook.list({}));
  const named = namedIn(ctx, row.mesh);
  const of = { id: row.mesh, slug: row.slug };
  return {
    items: items.map((item) => ({
      ...item,
      to: targetName(ctx, row, item.to),
      by: named.get(item.author)?.name ?? item.author,
      mesh: of,
    })),
  };
};
