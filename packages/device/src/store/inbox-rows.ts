import type { Hash, MemberId, MeshId, MessageId, Priority } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** A message to us, stored durably before the broker is told so. */
export interface InboxRow {
  readonly position: number;
  readonly mesh: MeshId;
  readonly sender: MemberId;
  readonly id: MessageId;
  readonly digest: Hash;
  readonly kind: "direct" | "void";
  readonly text: string;
  readonly priority: Priority;
  readonly reply_to: MessageId | null;
  readonly seq: number;
  readonly created_at: number;
  readonly received_at: number;
  readonly handing_by: string | null;
  readonly handing_until: number;
  readonly again: number;
  readonly handed_at: number | null;
}

export type NewInbox = Omit<
  InboxRow,
  "position" | "handing_by" | "handing_until" | "again" | "handed_at"
>;

export const inboxRow = (
  store: HomeStore,
  mesh: MeshId,
  sender: MemberId,
  id: MessageId,
): InboxRow | undefined =>
  store.get<InboxRow>(
    "SELECT * FROM inbox WHERE mesh = ? AND sender = ? AND id = ?",
    mesh,
    sender,
    id,
  );

/** Stores a message; one of kind `void` is kept for its id only and counts as handed over. */
export const addInbox = (store: HomeStore, row: NewInbox): number =>
  store.run(
    `INSERT INTO inbox (mesh, sender, id, digest, kind, text, priority, reply_to, seq, created_at,
       received_at, handed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.mesh,
    row.sender,
    row.id,
    row.digest,
    row.kind,
    row.text,
    row.priority,
    row.reply_to,
    row.seq,
    row.created_at,
    row.received_at,
    row.kind === "void" ? row.received_at : null,
  );

/** How many messages of a mesh no reader has been given yet. */
export const unreadCount = (store: HomeStore, mesh: MeshId): number =>
  store.get<{ c: number }>(
    "SELECT count(*) AS c FROM inbox WHERE mesh = ? AND handed_at IS NULL",
    mesh,
  )?.c ?? 0;

/** What tells whether a reader that was given messages may still confirm them. */
export interface Readers {
  readonly now: number;
  readonly isLive: (token: string) => boolean;
}

interface Holder {
  readonly handing_by: string;
  readonly handing_until: number;
}

/** Readers whose process is gone or whose lease has ended. */
const goneHolders = (store: HomeStore, { now, isLive }: Readers): Holder[] =>
  store
    .all<Holder>(
      `SELECT DISTINCT handing_by, handing_until FROM inbox
       WHERE handed_at IS NULL AND handing_by IS NOT NULL`,
    )
    .filter((held) => held.handing_until <= now || !isLive(held.handing_by));

/** Whether something waits that no live reader is being given right now. */
export const hasWaiting = (store: HomeStore, mesh: MeshId, readers: Readers): boolean =>
  store.get(
    "SELECT 1 FROM inbox WHERE mesh = ? AND handed_at IS NULL AND handing_by IS NULL LIMIT 1",
    mesh,
  ) !== undefined ||
  goneHolders(store, readers).some(
    (held) =>
      store.get(
        `SELECT 1 FROM inbox WHERE mesh = ? AND handed_at IS NULL
           AND handing_by = ? AND handing_until = ? LIMIT 1`,
        mesh,
        held.handing_by,
        held.handing_until,
      ) !== undefined,
  );

/** Gives back what a reader took and did not confirm; it is shown again, and marked so. */
export const releaseHanding = (store: HomeStore, token: string): number =>
  store.run(
    "UPDATE inbox SET handing_by = NULL, again = 1 WHERE handing_by = ? AND handed_at IS NULL",
    token,
  );

/** Gives back what readers took whose process is gone or whose lease has ended; part of the caller's transaction. */
export function releaseGoneHanding(store: HomeStore, readers: Readers): void {
  for (const held of goneHolders(store, readers)) {
    store.run(
      `UPDATE inbox SET handing_by = NULL, again = 1
       WHERE handing_by = ? AND handing_until = ? AND handed_at IS NULL`,
      held.handing_by,
      held.handing_until,
    );
  }
}

/** Takes up to `limit` waiting messages for one reader until its lease ends, oldest first; part of the caller's transaction. */
export const takeForHanding = (
  store: HomeStore,
  take: {
    readonly meshes: readonly MeshId[];
    readonly token: string;
    readonly until: number;
    readonly limit: number;
  },
): InboxRow[] =>
  store
    .all<InboxRow>(
      `UPDATE inbox SET handing_by = ?, handing_until = ? WHERE position IN (
         SELECT position FROM inbox WHERE handed_at IS NULL AND handing_by IS NULL
           AND mesh IN (SELECT value FROM json_each(?)) ORDER BY position LIMIT ?)
       RETURNING *`,
      take.token,
      take.until,
      JSON.stringify(take.meshes),
      take.limit,
    )
    .sort((a, b) => a.position - b.position);

/**
 * Marks what this reader was shown as handed over; answers those rows. A message that it lost with its lease counts too while no other reader was given it.
 * Part of the caller's transaction.
 */
export const confirmHanded = (
  store: HomeStore,
  shown: {
    readonly positions: readonly number[];
    readonly token: string;
    readonly at: number;
  },
): InboxRow[] =>
  store.all<InboxRow>(
    `UPDATE inbox SET handed_at = ? WHERE position IN (SELECT value FROM json_each(?))
       AND handed_at IS NULL AND (handing_by IS NULL OR handing_by = ?) RETURNING *`,
    shown.at,
    JSON.stringify(shown.positions),
    shown.token,
  );
