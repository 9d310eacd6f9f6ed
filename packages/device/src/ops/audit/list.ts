import type { DeviceHandler } from "../../handler.ts";
import { askedMesh } from "../target-mesh.ts";
import { lastRows } from "./last-rows.ts";
import { nameRows } from "./name-rows.ts";

/** The last rows of a mesh's chain, or those after a place, oldest first. */
export const list: DeviceHandler<"audit.list"> = async ({ mesh, after, limit }, ctx) => {
  const row = askedMesh(ctx, mesh);
  return await ctx.links.using(row, async (link) => {
    const answer = await lastRows(link, { after, limit });
    return { ...answer, items: await nameRows(ctx, row.mesh, answer.items, link) };
  });
};
