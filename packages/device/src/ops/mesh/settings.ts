import type { PolicyChange } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { syncRoster } from "../../mesh-link/sync-roster.ts";
import { appendEntry } from "../append-entry.ts";
import { targetMesh } from "../target-mesh.ts";

/** Shows the verified policy; with something named, changes it by a signed entry. */
export const settings: DeviceHandler<"mesh.settings"> = async ({ mesh, ...named }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const change = Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== undefined),
  ) as PolicyChange;
  try {
    await ctx.links.using(row, async (link) => {
      if (Object.keys(change).length === 0) {
        return syncRoster(ctx.rosters, row.mesh, link.client);
      }
      await appendEntry(ctx, row, link, {
        type: "policy",
        body: () => change,
        send: (entry) => link.client.mesh.settings({ entry }),
      });
    });
  } catch (error) {
    if (Object.keys(change).length > 0 || !isUnreachable(error)) throw error;
  }
  return { id: row.mesh, slug: row.slug, policy: ctx.rosters.of(row.mesh).policy };
};
