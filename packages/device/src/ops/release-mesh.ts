import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { type OsLock, takeOsLock } from "../home/os-lock.ts";
import type { MembershipRow } from "../store/memberships.ts";

const lookMs = 25;
const leaseWaitMs = 5_000;

/** Ends what is open to a mesh that is about to be forgotten here, and keeps others of this home from reading on; `done` gives that right back. */
export async function releaseMesh(
  ctx: DeviceContext,
  row: MembershipRow,
): Promise<{ done(): void }> {
  const kept = await ctx.online.release(row.mesh);
  try {
    await ctx.lingering.get(row.mesh)?.stop();
    await ctx.links.end(row.mesh);
    const lease = await feedLease(ctx, row);
    return {
      done: () => {
        lease.release();
        kept.resume();
      },
    };
  } catch (error) {
    kept.resume();
    throw error;
  }
}

/** The right to the mesh's feed: whoever reads it would go on storing what is forgotten. The wait is short, since its holder was asked to stop. */
async function feedLease(ctx: DeviceContext, row: MembershipRow): Promise<OsLock> {
  const path = ctx.home.paths.feedLock(row.mesh);
  const deadline = ctx.now() + leaseWaitMs;
  for (;;) {
    const lease = takeOsLock(path, 0);
    if (lease !== undefined) return lease;
    if (ctx.now() >= deadline) {
      throw new MeshError("in_use", `another process of this home still reads ${row.slug}`, {
        hint: "end it, then run this again",
      });
    }
    await ctx.wake.wait(ctx.timer, lookMs);
  }
}
