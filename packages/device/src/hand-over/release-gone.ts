import type { DeviceContext } from "../context.ts";
import { hasGoneHanding, releaseGoneHanding } from "../store/inbox-rows.ts";

/** Gives back what was being handed over by a process that is gone, or by one that never said how it ended. */
export function releaseGone(ctx: DeviceContext): void {
  const readers = { now: ctx.now(), isLive: ctx.isClaimLive };
  if (!hasGoneHanding(ctx.store, readers)) return;
  ctx.store.write(() => releaseGoneHanding(ctx.store, readers));
}
