import type {
  Audience,
  EnvelopeKind,
  Hash,
  Intent,
  MemberId,
  MeshId,
  MessageId,
  Priority,
  SessionId,
} from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** A message to us, stored durably before the broker is told so. */
export interface InboxRow {
  readonly position: number;
  readonly mesh: MeshId;
  readonly sender: MemberId;
  readonly id: MessageId;
  readonly digest: Hash;
  /** `guard` is a device's word to this one, shown to nobody */
  readonly kind: Exclude<EnvelopeKind, "probe"> | "guard";
  /** whom a message to many is for; null for what is for one */
  readonly audience: Audience | null;
  /** 1 for what this member wrote: only another of its agent sessions is given it */
  readonly own: number;
  readonly text: string;
  readonly priority: Priority;
  readonly reply_to: MessageId | null;
  readonly seq: number;
  readonly created_at: number;
  readonly received_at: number;
  /** the session of this home that it is for; null when it is for the member */
  readonly to_session: SessionId | null;
  /** the session of its sender that wrote it */
  readonly from_session: SessionId | null;
  readonly thread: MessageId | null;
  readonly hop: number | null;
  readonly since: MessageId | null;
  readonly intent: Intent | null;
  readonly subtype: string | null;
  /** what the guards did with it: kept back, turned away, or nothing; `undated` is what cannot be dated and is shown to people only */
  readonly guard: "hold" | "refuse" | "undated" | null;
  readonly guard_reason: string | null;
  readonly handing_by: string | null;
  readonly handing_until: number;
  readonly again: number;
  readonly handed_at: number | null;
  /** the hand-over to an agent session that it belongs to, the session and the way */
  readonly delivery: string | null;
  readonly handed_to: string | null;
  readonly handed_way: string | null;
  /** when it was found in the session's transcript */
  readonly seen_at: number | null;
  /** when a reply to it was accepted */
  readonly answered_at: number | null;
  /** why it waits, as its sender was told */
  readonly held: string | null;
  /** 1 when another device of this member answers it */
  readonly elsewhere: number;
  /** of what an API key posted: who, as JSON */
  readonly plain: string | null;
}

/** What becomes of a message here, and is nothing when it arrives. */
type Course =
  | "handing_by"
  | "handing_until"
  | "again"
  | "handed_at"
  | "delivery"
  | "handed_to"
  | "handed_way"
  | "seen_at"
  | "answered_at"
  | "held"
  | "elsewhere";

export type NewInbox = Omit<InboxRow, "position" | "plain" | Course> & {
  /** left out for what a member signed */
  readonly plain?: string;
  /** set for what no reader is to be given: it is kept, and counts as handed over */
  readonly isPassed?: boolean;
};

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

/** Stores a message; one that no reader is to see is kept for its id only and counts as handed over. */
export const addInbox = (store: HomeStore, row: NewInbox): number =>
  store.run(
    `INSERT INTO inbox (mesh, sender, id, digest, kind, text, priority, reply_to, seq, created_at,
       received_at, thread, hop, since, intent, subtype, guard, guard_reason, handed_at, to_session,
       from_session, audience, own, plain)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    row.thread,
    row.hop,
    row.since,
    row.intent,
    row.subtype,
    row.guard,
    row.guard_reason,
    isNeverGiven(row) ? row.received_at : null,
    row.to_session,
    row.from_session,
    row.audience,
    row.own,
    row.plain ?? null,
  );

const isNeverGiven = ({ kind, guard, isPassed = false }: NewInbox): boolean =>
  isPassed || kind === "void" || kind === "guard" || guard === "refuse";

/** What this member wrote itself is for its other agent sessions alone; takes the sessions of who asks, as JSON, twice. */
const notOwn = `(own = 0 OR (json_array_length(?) > 0
  AND coalesce(from_session, '') NOT IN (SELECT value FROM json_each(?))))`;

/** What others sent and nothing keeps back, received since then; the newest. */
export const receivedSince = (
  store: HomeStore,
  mesh: MeshId,
  { since, most }: { readonly since: number; readonly most: number },
): InboxRow[] =>
  store.all<InboxRow>(
    `SELECT * FROM inbox WHERE mesh = ? AND received_at > ? AND own = 0 AND guard IS NULL
       AND kind NOT IN ('guard', 'void') ORDER BY position DESC LIMIT ?`,
    mesh,
    since,
    most,
  );

/** How many messages of a mesh no reader has been given yet: the member's, and those of the named sessions, or else of all. */
export const unreadCount = (
  store: HomeStore,
  mesh: MeshId,
  sessions?: readonly SessionId[],
): number =>
  store.get<{ c: number }>(
    `SELECT count(*) AS c FROM inbox WHERE mesh = ? AND handed_at IS NULL AND guard IS NULL
       AND (? IS NULL OR to_session IS NULL OR to_session IN (SELECT value FROM json_each(?)))
       AND ${notOwn}`,
    mesh,
    sessions === undefined ? null : "some",
    ...thrice(JSON.stringify(sessions ?? [])),
  )?.c ?? 0;

const thrice = (text: string): [string, string, string] => [text, text, text];

/** What tells whether a reader that was given messages may still confirm them. */
export interface Readers {
  readonly now: number;
  readonly isLive: (token: string) => boolean;
  /** sessions whose messages the one who asks may have, besides the member's */
  readonly sessions?: readonly SessionId[];
  /** the meshes in which it is hidden from others: their broadcasts are not for it */
  readonly hiddenIn?: readonly MeshId[];
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
    `SELECT 1 FROM inbox WHERE mesh = ? AND handed_at IS NULL AND handing_by IS NULL
       AND guard IS NULL
       AND (to_session IS NULL OR to_session IN (SELECT value FROM json_each(?)))
       AND ${notOwn} AND (kind <> 'broadcast' OR mesh NOT IN (SELECT value FROM json_each(?))) LIMIT 1`,
    mesh,
    ...thrice(JSON.stringify(readers.sessions ?? [])),
    JSON.stringify(readers.hiddenIn ?? []),
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

/** Whether some reader's messages are to be given back. */
export const hasGoneHanding = (store: HomeStore, readers: Readers): boolean =>
  goneHolders(store, readers).length > 0;

/** Takes up to `limit` waiting messages for one reader until its lease ends, oldest first; part of the caller's transaction. */
export const takeForHanding = (
  store: HomeStore,
  take: {
    readonly meshes: readonly MeshId[];
    readonly token: string;
    readonly until: number;
    readonly limit: number;
    /** sessions whose messages it may have, besides the member's */
    readonly sessions: readonly SessionId[];
    /** the agent session that asks: what may wait in an agent's queue is shown from there, and only a person is given it before */
    readonly agentSession: string | undefined;
    /** the meshes in which it is hidden from others: their broadcasts are not for it */
    readonly hiddenIn: readonly MeshId[];
  },
): InboxRow[] =>
  store
    .all<InboxRow>(
      `UPDATE inbox SET handing_by = ?, handing_until = ? WHERE position IN (
         SELECT position FROM inbox WHERE handed_at IS NULL AND handing_by IS NULL AND guard IS NULL
           AND mesh IN (SELECT value FROM json_each(?))
           AND (to_session IS NULL OR to_session IN (SELECT value FROM json_each(?)))
           AND ${notOwn}
           AND (kind <> 'broadcast' OR mesh NOT IN (SELECT value FROM json_each(?)))
           AND (handed_way IS NOT 'inbox_socket' OR ? IS NULL)
         ORDER BY position LIMIT ?)
       RETURNING *`,
      take.token,
      take.until,
      JSON.stringify(take.meshes),
      ...thrice(JSON.stringify(take.sessions)),
      JSON.stringify(take.hiddenIn),
      take.agentSession ?? null,
      take.limit,
    )
    .sort((a, b) => a.position - b.position);

/**
 * Marks what this reader was shown as handed over, by which way and to which agent session, if to one; answers those rows. A message that it lost with its lease counts
 * too while no other reader was given it. Part of the caller's transaction.
 */
export const confirmHanded = (
  store: HomeStore,
  shown: {
    readonly positions: readonly number[];
    readonly token: string;
    readonly way: string;
    readonly agentSession: string | undefined;
    readonly at: number;
  },
): InboxRow[] =>
  store.all<InboxRow>(
    `UPDATE inbox SET handed_at = ?, handed_way = ?, handed_to = ?, delivery = NULL, held = NULL
     WHERE position IN (SELECT value FROM json_each(?))
       AND handed_at IS NULL AND (handing_by IS NULL OR handing_by = ?) RETURNING *`,
    shown.at,
    shown.way,
    shown.agentSession ?? null,
    JSON.stringify(shown.positions),
    shown.token,
  );
