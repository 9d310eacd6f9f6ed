import type { PolicyChange } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { syncRoster } from "../../mesh-link/sync-roster.ts";
import { targetMesh } from "../target-mesh.ts";
import { changePolicy } from "./change-policy.ts";

/** Shows the verified policy; with something named, changes it by a signed entry. */
export const settings: DeviceHandler<"mesh.settings"> = async ({ mesh, ...named }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const change = Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== undefined),
  ) as PolicyChange;
  try {
    if (Object.keys(change).length > 0) await changePolicy(ctx, row, change);
    else await ctx.links.using(row, ({ client }) => syncRoster(ctx.rosters, row.mesh, client));
  } catch (error) {
    if (Object.keys(change).length > 0 || !isUnreachable(error)) throw error;
  }
  return { id: row.mesh, slug: row.slug, policy: ctx.rosters.of(row.mesh).policy };
};
