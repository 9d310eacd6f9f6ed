import type { Audience, MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";

/** A message that holds the words. */
export interface MatchRow {
  readonly position: number;
  readonly mesh: MeshId;
  readonly id: MessageId;
  /** its sender; null for what was sent from here */
  readonly sender: MemberId | null;
  /** whom it was sent to from here */
  readonly recipient: string | null;
  readonly audience: Audience | null;
  readonly text: string;
  readonly created_at: number;
}

export interface Sought {
  /** in FTS5's words */
  readonly match: string;
  readonly meshes: readonly MeshId[];
  readonly since: number;
  /** only of these members; of what was sent from here, `sent` decides */
  readonly senders: readonly MemberId[] | undefined;
  readonly audiences: readonly Audience[] | undefined;
  /** whether what a person has not let through yet is shown */
  readonly asPerson: boolean;
}

const listed = (values: readonly string[] | undefined) =>
  values === undefined ? null : JSON.stringify(values);

/** The newest received messages below a position that hold the words; what this member wrote itself is here only where it was sent from elsewhere. */
export const matchesIn = (
  store: HomeStore,
  sought: Sought,
  below: number,
  limit: number,
): MatchRow[] =>
  store.all<MatchRow>(
    `SELECT i.position, i.mesh, i.id, i.sender, NULL AS recipient, i.audience, i.text, i.created_at
     FROM search_in s CROSS JOIN inbox i ON i.position = s.rowid
     WHERE search_in MATCH ?1 AND s.rowid < ?2 AND i.created_at >= ?3
       AND i.mesh IN (SELECT value FROM json_each(?4))
       AND (?5 IS NULL OR i.sender IN (SELECT value FROM json_each(?5)))
       AND (?6 IS NULL OR i.audience IN (SELECT value FROM json_each(?6)))
       AND (i.guard IS NULL OR ?7 = 1)
       AND (i.own = 0 OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = i.id))
       AND ${isPost("i", "i.sender")}
     ORDER BY s.rowid DESC LIMIT ?8`,
    sought.match,
    below,
    sought.since,
    JSON.stringify(sought.meshes),
    listed(sought.senders),
    listed(sought.audiences),
    sought.asPerson ? 1 : 0,
    limit,
  );

/** The newest messages sent from here, below a position, that hold the words. */
export const matchesOut = (
  store: HomeStore,
  sought: Sought,
  below: number,
  limit: number,
): MatchRow[] =>
  store.all<MatchRow>(
    `SELECT o.position, o.mesh, o.id, NULL AS sender, o.recipient, o.audience, o.text, o.created_at
     FROM search_out s CROSS JOIN outbox o ON o.position = s.rowid
     WHERE search_out MATCH ?1 AND s.rowid < ?2 AND o.created_at >= ?3
       AND o.mesh IN (SELECT value FROM json_each(?4))
       AND (?5 IS NULL OR o.audience IN (SELECT value FROM json_each(?5)))
       AND ${isPost("o", "(SELECT member FROM membership m WHERE m.mesh = o.mesh)")}
     ORDER BY s.rowid DESC LIMIT ?6`,
    sought.match,
    below,
    sought.since,
    JSON.stringify(sought.meshes),
    listed(sought.audiences),
    limit,
  );

/** What was said of a post is no post, and one that its author took back is gone. */
const isPost = (row: "i" | "o", author: string): string =>
  `(${row}.subtype IS NULL OR ${row}.subtype NOT LIKE 'post.%')
     AND NOT EXISTS (SELECT 1 FROM post_change c WHERE c.mesh = ${row}.mesh AND c.target = ${row}.id
       AND c.kind = 'post.retract' AND c.sender = ${author})`;

/** One above the newest message of each side: a search keeps to what was there when it began. */
export const searchBounds = (store: HomeStore): { readonly in: number; readonly out: number } =>
  store.get<{ in: number; out: number }>(
    `SELECT coalesce((SELECT max(position) FROM inbox), 0) + 1 AS "in",
       coalesce((SELECT max(position) FROM outbox), 0) + 1 AS "out"`,
  ) ?? { in: 1, out: 1 };
