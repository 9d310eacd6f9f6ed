import type { DeviceHandler } from "../../handler.ts";
import { jobTarget, targetName } from "../../jobs/job-target.ts";
import { targetMesh } from "../target-mesh.ts";

/** Makes a URL that others post to; the secret is in this answer and nowhere else that can be asked. */
export const create: DeviceHandler<"webhook.create"> = async ({ mesh, name, to }, ctx) => {
  const row = targetMesh(ctx, mesh);
  return await ctx.links.using(row, async (link) => {
    const target = await jobTarget(ctx, row, link, to);
    const asked = { name, ...(target === undefined ? {} : { to: target }) };
    const made = await link.client.webhook.create(asked);
    const of = { id: row.mesh, slug: row.slug };
    return { ...made, to: targetName(ctx, row, made.to), mesh: of };
  });
};
