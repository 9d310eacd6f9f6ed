import { type CallNews, limits, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { FeedScope } from "../feed/feed-scope.ts";
import { addDueCall, markOver } from "../store/due-call-rows.ts";
import { openResult } from "./own-call.ts";
import { tellResult, tellUnread } from "./tell-result.ts";

/** How long it is known here that something was done, beyond the time for which a broker may tell of it. */
const knownMs = 24 * 3_600_000;

/** From when on something that was due is not done any more. */
export const forgottenBefore = ({ now }: Pick<DeviceContext, "now">): number =>
  now() - limits.callWaitMs - knownMs;

/** Takes in that something is due for this member's devices, which is stored before it is begun, or what became of it. */
export function takeCall(ctx: DeviceContext, { row }: FeedScope, news: CallNews): void {
  const { call, job, missed, planned, result } = news;
  const key = { mesh: row.mesh, job, planned };
  if (call !== undefined) {
    if (planned < forgottenBefore(ctx)) return;
    if (ctx.store.write(() => addDueCall(ctx.store, key, call))) ctx.dueCalls.wake(row.mesh);
    return;
  }
  ctx.store.write(() => {
    if (result !== undefined || missed) markOver(ctx.store, key, forgottenBefore(ctx));
    if (missed) tellUnread(ctx, key, "was missed: none of your devices was there for 7 days");
    if (result === undefined) return;
    try {
      const text = openResult(ctx, row, job, result);
      tellResult(ctx, key, { ...text, outcome: result.entry.outcome, stopped: news.stopped });
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      tellUnread(ctx, key, `is said to be done, which cannot be checked: ${error.message}`);
    }
  });
  ctx.wake.now();
}
