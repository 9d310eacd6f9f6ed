import type { Audience, MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** One message that named this member. */
export interface NotificationRow {
  readonly mesh: MeshId;
  readonly sender: MemberId;
  readonly message: MessageId;
  readonly at: number;
}

/** The same with what the message says. */
export interface FullNotification extends NotificationRow {
  readonly read_at: number | null;
  readonly text: string;
  readonly audience: Audience | null;
  readonly plain: string | null;
}

/** Notes that a message names this member, once. */
export const addNotification = (store: HomeStore, row: NotificationRow): number =>
  store.run(
    "INSERT OR IGNORE INTO notification (mesh, sender, message, at) VALUES (?, ?, ?, ?)",
    row.mesh,
    row.sender,
    row.message,
    row.at,
  );

/** What named this member, newest first. */
export const listNotifications = (
  store: HomeStore,
  query: {
    readonly meshes: readonly MeshId[];
    readonly unread: boolean;
    readonly since: number;
    readonly limit: number;
  },
): FullNotification[] =>
  store.all<FullNotification>(
    `SELECT n.mesh, n.sender, n.message, n.at, n.read_at, i.text, i.audience, i.plain FROM notification n
     JOIN inbox i ON i.mesh = n.mesh AND i.sender = n.sender AND i.id = n.message
     WHERE n.mesh IN (SELECT value FROM json_each(?)) AND n.at >= ? AND (? = 0 OR n.read_at IS NULL)
     ORDER BY n.position DESC LIMIT ?`,
    JSON.stringify(query.meshes),
    query.since,
    query.unread ? 1 : 0,
    query.limit,
  );

export const unreadNotifications = (store: HomeStore, meshes: readonly MeshId[]): number =>
  store.get<{ c: number }>(
    `SELECT count(*) AS c FROM notification
     WHERE mesh IN (SELECT value FROM json_each(?)) AND read_at IS NULL`,
    JSON.stringify(meshes),
  )?.c ?? 0;

/** Marks as read what named this member: one message, or all. Answers how many were not. */
export const readNotifications = (
  store: HomeStore,
  meshes: readonly MeshId[],
  message: MessageId | undefined,
  at: number,
): number =>
  store.run(
    `UPDATE notification SET read_at = ?
     WHERE mesh IN (SELECT value FROM json_each(?)) AND read_at IS NULL AND (? IS NULL OR message = ?)`,
    at,
    JSON.stringify(meshes),
    message ?? null,
    message ?? null,
  );
