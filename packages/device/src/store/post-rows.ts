import type { Audience, Envelope, MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { FollowUpKind } from "../topics/follow-ups.ts";
import type { HomeStore } from "./home-store.ts";
import type { InboxRow } from "./inbox-rows.ts";
import { inboxAt, outboxAt, type PostPlace } from "./post-place.ts";

/** A post as it lies here; `seq` is null while it waits to be sent. */
export interface PostRow {
  readonly id: MessageId;
  readonly sender: MemberId;
  readonly text: string;
  readonly seq: number | null;
  readonly created_at: number;
  readonly reply_to: MessageId | null;
  /** of what an API key posted: who, as JSON */
  readonly plain?: string | null;
  /** 1 where its time cannot be proven */
  readonly undated?: number | null;
}

interface Page {
  readonly mesh: MeshId;
  readonly place: PostPlace;
  /** this member, whose outbox it is */
  readonly self: MemberId;
  /** only posts above this seq, where set also none that waits to be sent */
  readonly after: number;
  readonly before: number;
  readonly limit: number;
  readonly oldestFirst?: boolean;
}

const shown = "(subtype IS NULL OR subtype NOT LIKE 'post.%')";

/** Posts of a topic, others' and this member's own, between two places of the log, both left out; newest first, or else oldest first. */
export function listPosts(store: HomeStore, page: Page): PostRow[] {
  const order = page.oldestFirst ? "ASC" : "DESC";
  const received = inboxAt(page.place);
  const own = outboxAt(page.place);
  const between = [page.after, page.before, page.limit] as const;
  const got = store.all<PostRow>(
    `SELECT id, sender, text, seq, created_at, reply_to, plain, guard = 'undated' AS undated FROM inbox
     WHERE mesh = ? AND ${received.where} AND seq > ? AND seq < ?
       AND kind NOT IN ('guard', 'void') AND (guard IS NULL OR guard = 'undated') AND ${shown}
     ORDER BY seq ${order} LIMIT ?`,
    ...[page.mesh, received.key, ...between],
  );
  const sent = store
    .all<Omit<PostRow, "sender">>(
      `SELECT id, text, seq, created_at, reply_to FROM outbox
       WHERE mesh = ? AND ${own.where} AND seq > ? AND seq < ? AND ends_as IS NULL AND ${shown}
       ORDER BY seq ${order} LIMIT ?`,
      ...[page.mesh, own.key, ...between],
    )
    .map((row) => ({ ...row, sender: page.self }));
  const posts = new Map([...got, ...sent].map((row) => [row.id, row]));
  const sign = page.oldestFirst ? 1 : -1;
  return [...posts.values()]
    .sort((a, b) => sign * ((a.seq ?? 0) - (b.seq ?? 0)))
    .slice(0, page.limit);
}

/** This member's posts to a topic that wait to be sent, newest first. */
export function queuedPosts(
  store: HomeStore,
  { place, limit, mesh, self }: Pick<Page, "place" | "limit" | "mesh" | "self">,
): PostRow[] {
  const { where, key } = outboxAt(place);
  return store
    .all<Omit<PostRow, "sender">>(
      `SELECT id, text, seq, created_at, reply_to FROM outbox
       WHERE mesh = ? AND ${where} AND state = 'queued' AND ends_as IS NULL AND ${shown}
       ORDER BY position DESC LIMIT ?`,
      ...[mesh, key, limit],
    )
    .map((row) => ({ ...row, sender: self }));
}

/** How many posts of others after `marker` no reader was given. */
export const unreadPosts = (
  store: HomeStore,
  mesh: MeshId,
  audience: Audience,
  marker: number,
): number =>
  store.get<{ c: number }>(
    `SELECT count(*) AS c FROM inbox WHERE mesh = ? AND audience = ? AND seq > ? AND own = 0
       AND handed_at IS NULL AND guard IS NULL`,
    mesh,
    audience,
    marker,
  )?.c ?? 0;

/** The last place at which something of a topic lies here. */
export function lastPostSeq(store: HomeStore, mesh: MeshId, place: PostPlace): number {
  const [received, own] = [inboxAt(place), outboxAt(place)];
  const last = store.get<{ seq: number | null }>(
    `SELECT max(seq) AS seq FROM (
       SELECT max(seq) AS seq FROM inbox WHERE mesh = ? AND ${received.where}
       UNION ALL SELECT max(seq) FROM outbox WHERE mesh = ? AND ${own.where})`,
    ...[mesh, received.key, mesh, own.key],
  );
  return last?.seq ?? 0;
}

export interface ChangeRow {
  readonly mesh: MeshId;
  readonly sender: MemberId;
  readonly id: MessageId;
  /** the place of the post that it is said of */
  readonly audience: PostPlace;
  readonly target: MessageId;
  readonly kind: FollowUpKind;
  readonly text: string;
  /** null while it waits to be sent */
  readonly seq: number | null;
  readonly at: number;
}

/** Keeps what was said of a post; its place in the log may be known only later. */
export const addChange = (store: HomeStore, row: ChangeRow): number =>
  store.run(
    `INSERT INTO post_change (mesh, sender, id, audience, target, kind, text, seq, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (mesh, sender, id) DO UPDATE SET seq = coalesce(excluded.seq, seq)`,
    row.mesh,
    row.sender,
    row.id,
    row.audience,
    row.target,
    row.kind,
    row.text,
    row.seq,
    row.at,
  );

/** What was said of posts of a topic, in the order of the log; what this home has not sent yet last. */
export const changesOf = (
  store: HomeStore,
  mesh: MeshId,
  place: PostPlace,
  targets: readonly MessageId[],
): ChangeRow[] =>
  store.all<ChangeRow>(
    `SELECT c.* FROM post_change c
     LEFT JOIN outbox o ON o.id = c.id AND o.mesh = c.mesh
     WHERE c.mesh = ? AND c.audience = ? AND c.target IN (SELECT value FROM json_each(?))
       AND (o.ends_as IS NULL)
     ORDER BY coalesce(c.seq, o.seq, 9e15), c.at`,
    mesh,
    place,
    JSON.stringify(targets),
  );

/** Keeps an older post that cannot be opened for want of its key. */
export const addClosed = (store: HomeStore, mesh: MeshId, seq: number, body: Envelope): number =>
  store.run(
    "INSERT OR IGNORE INTO post_closed (mesh, audience, seq, body) VALUES (?, ?, ?, ?)",
    mesh,
    body.header.to,
    seq,
    JSON.stringify(body),
  );

export const dropClosed = (store: HomeStore, mesh: MeshId, seq: number): number =>
  store.run("DELETE FROM post_closed WHERE mesh = ? AND seq = ?", mesh, seq);

interface ClosedRow {
  readonly seq: number;
  readonly body: string;
}

/** Posts that cannot be opened yet, older and new ones, newest first. */
export const closedPosts = (
  store: HomeStore,
  {
    after,
    audience,
    before,
    limit,
    mesh,
  }: Omit<Page, "place" | "self"> & {
    readonly audience: Audience;
  },
): ClosedRow[] =>
  store.all<ClosedRow>(
    `SELECT seq, body FROM post_closed WHERE mesh = ? AND audience = ? AND seq > ? AND seq < ?
     UNION
     SELECT seq, body FROM awaiting WHERE mesh = ? AND reason = 'key' AND seq > ? AND seq < ?
       AND json_extract(body, '$.header.to') = ?
     ORDER BY seq DESC LIMIT ?`,
    ...[mesh, audience, after, before, mesh, after, before, audience, limit],
  );

/** Who wrote a post of a topic that others sent; undefined where it is not here. */
export function postAuthor(
  store: HomeStore,
  mesh: MeshId,
  place: PostPlace,
  id: MessageId,
): MemberId | undefined {
  const { where, key } = inboxAt(place);
  const sql = `SELECT sender FROM inbox WHERE id = ? AND mesh = ? AND ${where}`;
  return store.get<{ sender: MemberId }>(sql, ...[id, mesh, key])?.sender;
}

/** Counts what waits of a topic up to a place as given, but for what is for one session: it was read another way than from the inbox. What a reader is being shown is left to it. Answers what it was. */
export function passPosts(
  store: HomeStore,
  mesh: MeshId,
  place: PostPlace,
  { at, upTo }: { readonly at: number; readonly upTo: number },
): InboxRow[] {
  const { where, key } = inboxAt(place);
  return store.all<InboxRow>(
    `UPDATE inbox SET handed_at = ?, handed_way = '${readAsTopic}' WHERE mesh = ? AND ${where} AND seq <= ?
       AND handed_at IS NULL AND handing_by IS NULL AND guard IS NULL AND to_session IS NULL
     RETURNING *`,
    ...[at, mesh, key, upTo],
  );
}

/** The way of what was read in its topic. */
export const readAsTopic = "topic";
