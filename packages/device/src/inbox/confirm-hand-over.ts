import type { MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { confirmHanded } from "../store/inbox-rows.ts";
import { markNoticesShown } from "../store/notices.ts";
import { addDue } from "../store/receipt-rows.ts";
import { tell } from "../store/story.ts";

/**
 * Records that a reader was shown the messages of these ids, or else all of the last answer, by which way; the senders' `offered` receipts are queued in
 * the same transaction. Answers how many messages.
 */
export function confirmShown(
  ctx: DeviceContext,
  way: string,
  ids: readonly MessageId[] | undefined,
): number {
  const { store, token } = ctx;
  const shown = ctx.offered.take(ids);
  return store.write(() => {
    const at = ctx.now();
    const handed = confirmHanded(store, { positions: shown.messages, token, at });
    for (const { mesh, sender, id, digest } of handed) {
      addDue(store, { mesh, sender, message: id, digest, state: "offered", way, reason: null, at });
      tell(store, mesh, id, { at, what: `handed over here by way of ${way}`, sender });
    }
    markNoticesShown(store, shown.notices, shown.gaps);
    return handed.length;
  });
}
