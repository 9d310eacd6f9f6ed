import { limits } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { askedMesh } from "../target-mesh.ts";
import { lastRows } from "./last-rows.ts";
import { nameRows } from "./name-rows.ts";

/** The last rows of a mesh's chain, or those after a place; the broker holds the question until there is one, or for as long as `wait` says. */
export const tail: DeviceHandler<"audit.tail"> = async ({ mesh, after, limit, wait }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const deadline = ctx.now() + (wait ?? 0);
  for (;;) {
    const left = Math.max(0, deadline - ctx.now());
    const waitMs = after === undefined ? 0 : Math.min(left, limits.auditWaitMs);
    const { items, head } = await ctx.links.using(row, async (link) => {
      const answer = await lastRows(link, { after, limit, waitMs });
      return { ...answer, items: await nameRows(ctx, row.mesh, answer.items, link) };
    });
    if (items.length > 0 || left <= waitMs || ctx.closing.signal.aborted) {
      const seq = items.at(-1)?.seq ?? after ?? head.seq;
      return { items, seq };
    }
  }
};
