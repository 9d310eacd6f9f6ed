import type { MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { tellSender } from "../hand-over/tell-sender.ts";
import { confirmHanded } from "../store/inbox-rows.ts";
import { markNoticesShown } from "../store/notices.ts";

/**
 * Records that a reader was shown the messages of these ids, or else all of the last answer, by which way, which is `pull` for an agent session; the senders' `offered`
 * receipts are queued in the same transaction. Answers how many messages.
 */
export function confirmShown(
  ctx: DeviceContext,
  way: string,
  ids: readonly MessageId[] | undefined,
): number {
  const { store, token } = ctx;
  const by = ctx.agentSession === undefined ? way : "pull";
  // What an unknown one was shown nobody can look up.
  const agentSession = ctx.agentSession && ctx.sessions.get(ctx.agentSession)?.agentSession;
  const shown = ctx.offered.find(ids);
  const count = store.write(() => {
    const at = ctx.now();
    const { messages: positions } = shown;
    const handed = confirmHanded(store, { positions, token, way: by, agentSession, at });
    for (const row of handed) {
      const what = `handed over here by way of ${by}`;
      tellSender(ctx, row, {
        state: "offered",
        way: by,
        at,
        what,
        ...(agentSession === undefined ? {} : { agentSession }),
      });
    }
    markNoticesShown(store, shown.notices, shown.gaps);
    return handed.length;
  });
  ctx.offered.forget(shown);
  // Whoever keeps the feed open sends the receipts at once.
  if (count > 0) ctx.wake.now();
  return count;
}
