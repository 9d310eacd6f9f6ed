import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { type OsLock, takeOsLock } from "../../home/os-lock.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { forgetMesh, listMemberships, type MembershipRow } from "../../store/memberships.ts";
import { appendEntry } from "../append-entry.ts";

const lookMs = 25;
const leaseWaitMs = 5_000;

/** Removes oneself from the roster, then everything of the mesh from this home. */
export const leave: DeviceHandler<"mesh.leave"> = async ({ mesh }, ctx) => {
  const row = resolveMesh(mesh, listMemberships(ctx.store));
  try {
    await removeSelf(ctx, row);
  } catch (error) {
    // The reply to an earlier leave was lost: what is left to do is here.
    if (!(error instanceof MeshError) || error.code !== "not_member") throw error;
  }
  const kept = await ctx.online.release(row.mesh);
  try {
    await ctx.lingering.get(row.mesh)?.stop();
    await ctx.links.end(row.mesh);
    const lease = await feedLease(ctx, row);
    try {
      forgetMesh(ctx.store, row.mesh);
      ctx.rosters.forget(row.mesh);
    } finally {
      lease.release();
    }
  } finally {
    kept.resume();
  }
  return { left: row.mesh, slug: row.slug };
};

/** The right to the mesh's feed: whoever reads it would go on storing what is forgotten. The broker ends a removed member's feeds, so the wait is short. */
async function feedLease(ctx: DeviceContext, row: MembershipRow): Promise<OsLock> {
  const path = ctx.home.paths.feedLock(row.mesh);
  const deadline = ctx.now() + leaseWaitMs;
  for (;;) {
    const lease = takeOsLock(path, 0);
    if (lease !== undefined) return lease;
    if (ctx.now() >= deadline) {
      throw new MeshError("in_use", `another process of this home still reads ${row.slug}`, {
        hint: "end it, then leave again: the mesh is left already, only what is here remains",
      });
    }
    await ctx.wake.wait(ctx.timer, lookMs);
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
