import type { MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";
import type { InboxRow } from "./inbox-rows.ts";

/** What the guards keep back in a mesh, oldest first. */
export const heldRows = (store: HomeStore, mesh: MeshId): InboxRow[] =>
  store.all<InboxRow>(
    "SELECT * FROM inbox WHERE mesh = ? AND guard = 'hold' ORDER BY position LIMIT 1000",
    mesh,
  );

export interface Release {
  readonly mesh: MeshId;
  readonly reason: string;
  readonly sender?: MemberId;
  readonly thread?: MessageId;
  readonly message?: MessageId;
}

/** Lets held messages wait for a reader: those kept back for this reason, of one sender, thread or id where named. Answers them; part of the caller's transaction. */
export const releaseHeld = (store: HomeStore, what: Release): InboxRow[] =>
  store
    .all<InboxRow>(
      `UPDATE inbox SET guard = NULL, guard_reason = NULL
       WHERE mesh = ?1 AND guard = 'hold' AND guard_reason = ?2 AND (?3 IS NULL OR sender = ?3)
         AND (?4 IS NULL OR coalesce(thread, id) = ?4) AND (?5 IS NULL OR id = ?5)
       RETURNING *`,
      what.mesh,
      what.reason,
      what.sender ?? null,
      what.thread ?? null,
      what.message ?? null,
    )
    .sort((a, b) => a.position - b.position);
