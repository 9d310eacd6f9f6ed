import type { DeviceContext } from "../context.ts";
import { confirmHanded } from "../store/inbox-rows.ts";
import { markNoticesShown } from "../store/notices.ts";
import { addDue } from "../store/receipt-rows.ts";
import { tell } from "../store/story.ts";

/** Records that this reader was shown what it took, by which way; the senders' `offered` receipts are queued in the same transaction. Answers how many messages. */
export function confirmShown(ctx: DeviceContext, way: string): number {
  const { store } = ctx;
  return store.write(() => {
    const at = ctx.now();
    const handed = confirmHanded(store, ctx.token, at);
    for (const { mesh, sender, id, digest } of handed) {
      addDue(store, { mesh, sender, message: id, digest, state: "offered", way, reason: null, at });
      tell(store, mesh, id, { at, what: `handed over here by way of ${way}` });
    }
    const { notices, gaps } = ctx.offeredNotices;
    markNoticesShown(store, [...notices], [...gaps]);
    notices.clear();
    gaps.clear();
    return handed.length;
  });
}
