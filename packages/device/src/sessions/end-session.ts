import type { DeviceContext } from "../context.ts";
import { getAgentSession, putAgentSession } from "../store/agent-session-rows.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import { addDue } from "../store/receipt-rows.ts";
import { endSessions } from "../store/session-rows.ts";
import { tell } from "../store/story.ts";

/** The reason in receipts and stories for what was addressed to a session that has ended. */
export const sessionGone = "session_gone";

/** Ends an agent session in every mesh: its secrets are forgotten, and the senders of what it was not shown are told. */
export function endSession({ store, now }: DeviceContext, agentSession: string): void {
  store.write(() => {
    const row = getAgentSession(store, agentSession);
    if (row === undefined || row.ended_at !== null) return;
    const at = now();
    putAgentSession(store, { ...row, last_seen_at: at, ended_at: at });
    for (const { mesh, session } of endSessions(store, agentSession, at)) {
      const unseen = store.all<InboxRow>(
        `UPDATE inbox SET handed_at = ? WHERE mesh = ? AND to_session = ? AND handed_at IS NULL RETURNING *`,
        at,
        mesh,
        session,
      );
      for (const { sender, id, digest } of unseen) {
        const what = `undeliverable: the session that it was for has ended`;
        tell(store, mesh, id, { at, what, sender });
        addDue(store, {
          mesh,
          sender,
          message: id,
          digest,
          state: "undeliverable",
          way: null,
          reason: sessionGone,
          session,
          at,
        });
      }
    }
  });
}
