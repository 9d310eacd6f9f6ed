import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { forgetMesh, listMemberships, type MembershipRow } from "../../store/memberships.ts";
import { topicRows } from "../../store/topic-rows.ts";
import { requireNotLast } from "../../topics/last-holder.ts";
import { appendEntry } from "../append-entry.ts";
import { releaseMesh } from "../release-mesh.ts";

/** Removes oneself from the roster, then everything of the mesh from this home. */
export const leave: DeviceHandler<"mesh.leave"> = async ({ mesh, evenAsLast }, ctx) => {
  const row = resolveMesh(mesh, listMemberships(ctx.store));
  // Into a mesh with a false past nothing is said any more, also no farewell.
  if (ctx.rosters.heldBy(row.mesh) === undefined) await goodbye(ctx, row, evenAsLast);
  const released = await releaseMesh(ctx, row);
  try {
    forgetMesh(ctx.store, row.mesh);
    ctx.rosters.forget(row.mesh);
    ctx.rings.forget(row.mesh);
  } finally {
    released.done();
  }
  return { left: row.mesh, slug: row.slug };
};

async function goodbye(ctx: DeviceContext, row: MembershipRow, evenAsLast: boolean): Promise<void> {
  if (!evenAsLast) requireNotLast(ctx, row, row.member, topicRows(ctx.store, row.mesh));
  try {
    await removeSelf(ctx, row);
  } catch (error) {
    // The reply to an earlier leave was lost: what is left to do is here.
    if (!(error instanceof MeshError) || error.code !== "not_member") throw error;
  }
}

async function removeSelf(ctx: DeviceContext, row: MembershipRow): Promise<void> {
  await ctx.links.using(row, async (link) => {
    if (!ctx.rosters.of(row.mesh).isMember(row.member)) return;
    try {
      await appendEntry(ctx, row, link, {
        type: "remove",
        body: () => ({ member: row.member }),
        send: (entry) => link.client.mesh.leave({ entry }),
      });
    } catch (error) {
      throw withAdvice(error);
    }
  });
}

function withAdvice(error: unknown): unknown {
  if (!(error instanceof MeshError) || error.detail?.reason !== "last_owner") return error;
  return new MeshError(error.code, error.message, {
    hint: "invite another owner first: claudemesh invite --role owner",
    detail: error.detail,
    cause: error,
  });
}
