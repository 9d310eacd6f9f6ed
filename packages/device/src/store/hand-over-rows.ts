import type { MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";
import type { InboxRow } from "./inbox-rows.ts";

/** Messages looked at in one go; what is over that comes with the next. */
const most = 500;

/** What waits to be handed to agent sessions, oldest first; not what another device of the member answers. */
export const rowsForSessions = (store: HomeStore, meshes: readonly MeshId[]): InboxRow[] =>
  store.all<InboxRow>(
    `SELECT * FROM inbox WHERE handed_at IS NULL AND handing_by IS NULL AND elsewhere = 0
       AND kind NOT IN ('guard', 'void') AND guard IS NULL AND mesh IN (SELECT value FROM json_each(?)) ORDER BY position LIMIT ?`,
    JSON.stringify(meshes),
    most,
  );

/** One hand-over that is under way or done. */
export interface DeliveryMark {
  readonly delivery: string;
  /** the device instance that hands it over */
  readonly token: string;
  readonly until: number;
  readonly agentSession: string;
  readonly way: string;
}

/** Marks what is being handed over, so that nobody else is given it and a crash shows; answers how many rows. Part of the caller's transaction. */
export const markHanding = (
  store: HomeStore,
  positions: readonly number[],
  mark: DeliveryMark,
): number =>
  store.run(
    `UPDATE inbox SET handing_by = ?, handing_until = ?, delivery = ?, handed_to = ?, handed_way = ?,
       seen_at = NULL
     WHERE position IN (SELECT value FROM json_each(?)) AND handed_at IS NULL AND handing_by IS NULL`,
    mark.token,
    mark.until,
    mark.delivery,
    mark.agentSession,
    mark.way,
    JSON.stringify(positions),
  );

/** Marks a delivery as handed over; what it lost with its lease counts while nobody else was given it. Part of the caller's transaction. */
export const confirmDelivery = (
  store: HomeStore,
  { delivery, token, at }: { delivery: string; token: string; at: number },
): InboxRow[] =>
  store.all<InboxRow>(
    `UPDATE inbox SET handed_at = ?, held = NULL WHERE delivery = ? AND handed_at IS NULL
       AND (handing_by IS NULL OR handing_by = ?) RETURNING *`,
    at,
    delivery,
    token,
  );

/** What was posted to a session's inbox without a word on whether it got there: it may wait in the agent's own queue, where nobody can take it back. */
export const queuedAt = ({
  handed_at: handedAt,
  handing_by: holder,
  handed_to: agentSession,
  handed_way: way,
}: Pick<InboxRow, "handed_at" | "handing_by" | "handed_to" | "handed_way">): string | undefined =>
  handedAt === null && holder === null && way === "inbox_socket" && agentSession !== null
    ? agentSession
    : undefined;

/** Handed over, or posted to an inbox where it may wait; see `queuedAt`. */
const mayBeThere = `(handed_at IS NOT NULL OR (handing_by IS NULL AND handed_way = 'inbox_socket'))`;

/**
 * Gives a delivery back that was not handed over, or where that is in doubt; answers those rows. What was posted to an inbox stays marked so, as `queuedAt` tells. Part of the
 * caller's transaction.
 */
export const releaseDelivery = (
  store: HomeStore,
  { delivery, token, inDoubt }: { delivery: string; token: string; inDoubt: boolean },
): InboxRow[] =>
  store.all<InboxRow>(
    `UPDATE inbox SET handing_by = NULL, again = max(again, ?1),
       delivery = iif(?1 = 1 AND handed_way = 'inbox_socket', delivery, NULL),
       handed_to = iif(?1 = 1 AND handed_way = 'inbox_socket', handed_to, NULL),
       handed_way = iif(?1 = 1 AND handed_way = 'inbox_socket', handed_way, NULL)
     WHERE delivery = ?2 AND handed_at IS NULL AND handing_by = ?3 RETURNING *`,
    inDoubt ? 1 : 0,
    delivery,
    token,
  );

/** What an agent session was handed, or may have in its queue, and nobody has seen in its transcript yet, oldest first. */
export const unseenBy = (store: HomeStore, agentSession: string): InboxRow[] =>
  store.all<InboxRow>(
    `SELECT * FROM inbox WHERE handed_to = ? AND seen_at IS NULL AND ${mayBeThere}
     ORDER BY position LIMIT ?`,
    agentSession,
    most,
  );

/** Agent sessions that were handed something which nobody has found in their transcripts; not what they asked for themselves. */
export const sessionsInDoubt = (store: HomeStore): string[] =>
  store
    .all<{ handed_to: string }>(
      `SELECT DISTINCT handed_to FROM inbox WHERE handed_to IS NOT NULL AND seen_at IS NULL
         AND ${mayBeThere} AND handed_way <> 'pull'`,
    )
    .map(({ handed_to: agentSession }) => agentSession);

/** Records that a message was found in the transcript, so that it was handed over in any case; false when that was known. */
export const markSeen = (store: HomeStore, position: number, at: number): boolean =>
  store.run(
    `UPDATE inbox SET seen_at = ?, handed_at = coalesce(handed_at, ?), held = NULL
     WHERE position = ? AND seen_at IS NULL`,
    at,
    at,
    position,
  ) > 0;

/** Takes a hand-over back of which nobody knows whether it was seen: the message waits again, and is marked so. */
export const takeBack = (store: HomeStore, position: number): boolean =>
  store.run(
    `UPDATE inbox SET handed_at = NULL, handing_by = NULL, delivery = NULL, handed_to = NULL,
       handed_way = NULL, again = 1 WHERE position = ? AND seen_at IS NULL`,
    position,
  ) > 0;

/** Closes a hand-over of a message for one session alone which has ended: nobody is offered it any more. False where the session is there. */
export const closeForEnded = (store: HomeStore, position: number, at: number): boolean =>
  store.run(
    `UPDATE inbox SET handed_to = NULL, delivery = NULL, handed_at = coalesce(handed_at, ?)
     WHERE position = ? AND to_session IN
       (SELECT session FROM session WHERE session.mesh = inbox.mesh AND ended_at IS NOT NULL)`,
    at,
    position,
  ) > 0;

/** Records the reason for which a message waits, or that there is none any more. */
export const markHeld = (store: HomeStore, position: number, held: string | null): number =>
  store.run("UPDATE inbox SET held = ? WHERE position = ?", held, position);

/** Leaves a message to another device of the member, whose session has its lease. It stays in this home's inbox. */
export const leaveElsewhere = (store: HomeStore, position: number): number =>
  store.run("UPDATE inbox SET elsewhere = 1 WHERE position = ?", position);

/** Whether another device of this member has ever answered instead of this one. */
export const knowsOtherDevices = (store: HomeStore, mesh: MeshId): boolean =>
  store.get("SELECT 1 FROM inbox WHERE mesh = ? AND elsewhere = 1 LIMIT 1", mesh) !== undefined;

/** Which agent session answers a thread, by the broker's word; the reply's header names the token. */
export interface LeaseRow {
  readonly agent_session: string;
  readonly token: string;
  readonly until: number;
}

export const leaseOf = (store: HomeStore, mesh: MeshId, thread: MessageId): LeaseRow | undefined =>
  store.get<LeaseRow>(
    "SELECT agent_session, token, until FROM lease WHERE mesh = ? AND thread = ?",
    mesh,
    thread,
  );

export const putLease = (
  store: HomeStore,
  mesh: MeshId,
  thread: MessageId,
  row: LeaseRow,
): number =>
  store.run(
    `INSERT INTO lease (mesh, thread, agent_session, token, until) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (mesh, thread) DO UPDATE SET agent_session = excluded.agent_session,
       token = excluded.token, until = excluded.until`,
    mesh,
    thread,
    row.agent_session,
    row.token,
    row.until,
  );
