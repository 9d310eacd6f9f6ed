import type { DeviceContext } from "../context.ts";
import { getAgentSession, putAgentSession } from "../store/agent-session-rows.ts";
import type { HomeStore } from "../store/home-store.ts";
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
    // What was on its way into it may have been seen: its transcript decides.
    store.run(
      `UPDATE inbox SET handed_at = ?, handing_by = NULL WHERE handed_to = ? AND to_session IS NOT NULL
         AND delivery IS NOT NULL AND handing_by IS NOT NULL AND handed_at IS NULL`,
      at,
      agentSession,
    );
    for (const { mesh, session } of endSessions(store, agentSession, at)) {
      const unseen = store.all<InboxRow>(
        `UPDATE inbox SET handed_at = ? WHERE mesh = ? AND to_session = ? AND handed_at IS NULL RETURNING *`,
        at,
        mesh,
        session,
      );
      for (const message of unseen) tellGone(store, message, at);
    }
  });
}

/** Tells the sender of a message for one session that this has ended; part of the caller's transaction. */
export function tellGone(
  store: HomeStore,
  { mesh, sender, id, digest, to_session: session }: InboxRow,
  at: number,
): void {
  tell(store, mesh, id, {
    at,
    what: "undeliverable: the session that it was for has ended",
    sender,
  });
  const receipt = { mesh, sender, message: id, digest, session, at, way: null };
  addDue(store, { ...receipt, state: "undeliverable", reason: sessionGone });
}
