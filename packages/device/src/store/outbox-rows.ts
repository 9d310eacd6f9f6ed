import type {
  Audience,
  EnvelopeKind,
  Hash,
  Intent,
  MemberId,
  MeshId,
  MessageId,
  MessageState,
  Priority,
  SessionId,
} from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** A message of ours, from the moment it is written until its last receipt. */
export interface OutboxRow {
  readonly position: number;
  readonly id: MessageId;
  readonly mesh: MeshId;
  /** the member that it is for, or the audience: messages to one recipient go out in their order */
  readonly recipient: MemberId | Audience;
  /** whom a message to many is for, and how people write that; null for what is for one */
  readonly audience: Audience | null;
  readonly name: string | null;
  /** how the body is keyed */
  readonly kind: Exclude<EnvelopeKind, "probe" | "void">;
  /** how many members it is for, where that is more than one */
  readonly members: number | null;
  /** the first of the messages that went to each bearer of a tag */
  readonly batch: MessageId | null;
  /** the members whom its text names, as a JSON list */
  readonly mentions: string | null;
  readonly text: string;
  readonly priority: Priority;
  readonly reply_to: MessageId | null;
  readonly created_at: number;
  /** what the header says of the thread, and what the body says of itself */
  readonly thread: MessageId | null;
  readonly hop: number | null;
  readonly since: MessageId | null;
  readonly intent: Intent | null;
  readonly subtype: string | null;
  /** the token of the lease by which an agent session answers its thread */
  readonly lease: string | null;
  /** the session that it is for, with the attestation by which it is sealed; null when it is for the member */
  readonly to_session: SessionId | null;
  readonly to_attestation: string | null;
  /** the agent session that wrote it, and its session in the mesh */
  readonly agent_session: string | null;
  readonly from_session: SessionId | null;
  /** drawn at the first hand-over, with the sealed envelope */
  readonly n: number | null;
  readonly envelope: string | null;
  readonly digest: Hash | null;
  /** set when the message was given up: the state in which it ends once its void is accepted */
  readonly ends_as: MessageState | null;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly way: string | null;
  readonly seq: number | null;
  readonly updated_at: number;
  readonly attempts: number;
  readonly not_before: number;
  readonly claim: string | null;
  /** 1 while a restored broker may lack it */
  readonly repeat: number;
  /** the digest before it was sealed again for a restored broker */
  readonly digest_before: Hash | null;
}

export type NewMessage = Pick<
  OutboxRow,
  "id" | "mesh" | "recipient" | "text" | "priority" | "reply_to" | "created_at"
> &
  Partial<Pick<OutboxRow, "thread" | "hop" | "since" | "intent" | "subtype">> &
  Partial<Pick<OutboxRow, "audience" | "name" | "kind" | "members" | "batch" | "mentions">> &
  Partial<Pick<OutboxRow, "to_session" | "to_attestation" | "agent_session" | "from_session">>;

export const outboxRow = (store: HomeStore, id: MessageId): OutboxRow | undefined =>
  store.get<OutboxRow>("SELECT * FROM outbox WHERE id = ?", id);

export const addOutbox = (store: HomeStore, row: NewMessage): number =>
  store.run(
    `INSERT INTO outbox (id, mesh, recipient, text, priority, reply_to, created_at, thread, hop, since,
       intent, subtype, to_session, to_attestation, agent_session, from_session, audience, name,
       kind, members, batch, mentions, state, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)`,
    row.id,
    row.mesh,
    row.recipient,
    row.text,
    row.priority,
    row.reply_to,
    row.created_at,
    row.thread ?? null,
    row.hop ?? null,
    row.since ?? null,
    row.intent ?? null,
    row.subtype ?? null,
    row.to_session ?? null,
    row.to_attestation ?? null,
    row.agent_session ?? null,
    row.from_session ?? null,
    row.audience ?? null,
    row.name ?? null,
    row.kind ?? "direct",
    row.members ?? null,
    row.batch ?? null,
    row.mentions ?? null,
    row.created_at,
  );

/** What the broker has and no reader has said to have: for one, or for many. */
export const unstoredMessages = (store: HomeStore, mesh: MeshId): OutboxRow[] =>
  store.all<OutboxRow>(
    `SELECT * FROM outbox o WHERE mesh = ? AND state = 'accepted' AND ends_as IS NULL
       AND NOT EXISTS (SELECT 1 FROM outbox_reader r WHERE r.message = o.id)
     ORDER BY position`,
    mesh,
  );

/** When the first queued message of a mesh may go out, or what a restored broker lacks, ms since the Unix epoch; undefined when there is none. As for `claimNext`, a row changed in the future is due. */
export const nextQueuedAt = (store: HomeStore, mesh: MeshId, now: number): number | undefined =>
  store.get<{ due: number | null }>(
    `SELECT min(due) AS due FROM (
       SELECT min(iif(updated_at > ?, 0, not_before)) AS due FROM outbox WHERE mesh = ? AND state = 'queued'
       UNION ALL SELECT 0 WHERE EXISTS (SELECT 1 FROM outbox WHERE mesh = ? AND repeat = 1)
       UNION ALL SELECT 0 FROM membership WHERE mesh = ? AND restate = 1)`,
    now,
    mesh,
    mesh,
    mesh,
  )?.due ?? undefined;

/** How many messages of a mesh wait here to be sent. */
export const queuedCount = (store: HomeStore, mesh: MeshId): number =>
  store.get<{ count: number }>(
    "SELECT count(*) AS count FROM outbox WHERE mesh = ? AND state = 'queued'",
    mesh,
  )?.count ?? 0;

export const queuedMeshes = (store: HomeStore): MeshId[] =>
  store
    .all<{ mesh: MeshId }>("SELECT DISTINCT mesh FROM outbox WHERE state = 'queued'")
    .map(({ mesh }) => mesh);

/**
 * Ends claims whose process is gone, then claims the first queued message of a recipient whose turn it is; undefined when there is none. A void in its
 * back-off holds up nobody: the recipient's gap is filled whenever it comes. A row changed in the future is due: the clock stepped back, and nobody
 * knows how much of its pause is left.
 */
export function claimNext(
  store: HomeStore,
  claim: {
    readonly mesh: MeshId;
    readonly token: string;
    readonly now: number;
    readonly untilMs: number;
  },
  isLive: (token: string) => boolean,
): OutboxRow | undefined {
  return store.write(() => {
    const held = store.all<{ claim: string }>(
      "SELECT DISTINCT claim FROM outbox WHERE state = 'queued' AND claim IS NOT NULL",
    );
    for (const { claim: token } of held) {
      if (!isLive(token)) releaseClaims(store, token);
    }
    return store.get<OutboxRow>(
      `UPDATE outbox SET claim = ?, claim_until = ? WHERE position = (
         SELECT min(o.position) FROM outbox o
         WHERE o.mesh = ? AND o.state = 'queued' AND (o.not_before <= ? OR o.updated_at > ?)
           AND (o.claim IS NULL OR o.claim_until < ?)
           AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.mesh = o.mesh
             AND e.recipient = o.recipient AND e.state = 'queued' AND e.position < o.position
             AND (e.ends_as IS NULL OR e.not_before <= ?)))
       RETURNING *`,
      claim.token,
      claim.now + claim.untilMs,
      claim.mesh,
      claim.now,
      claim.now,
      claim.now,
      claim.now,
    );
  });
}

/** Makes a claim last until then; false when it is not this one's any more. */
export const renewClaim = (
  store: HomeStore,
  { id, claim }: Pick<OutboxRow, "id" | "claim">,
  until: number,
): boolean =>
  store.write(() =>
    store.run(
      "UPDATE outbox SET claim_until = ? WHERE id = ? AND claim = ? AND state = 'queued'",
      until,
      id,
      claim,
    ),
  ) > 0;

/** Gives back what an ended process, or this one at its end, had claimed. `token` is that of one claim, or of a whole instance. */
export const releaseClaims = (store: HomeStore, token: string): number =>
  store.run(
    `UPDATE outbox SET claim = NULL, claim_until = 0
     WHERE state = 'queued' AND (claim = ? OR instr(claim, ? || '/') = 1)`,
    token,
    token,
  );

/** The queued message that goes before all others to this recipient. */
export const firstQueued = (
  store: HomeStore,
  mesh: MeshId,
  recipient: OutboxRow["recipient"],
): OutboxRow | undefined =>
  store.get<OutboxRow>(
    "SELECT * FROM outbox WHERE mesh = ? AND recipient = ? AND state = 'queued' ORDER BY position LIMIT 1",
    mesh,
    recipient,
  );

/** Draws the next counter for an audience; part of the caller's transaction. */
export function drawCounter(store: HomeStore, mesh: MeshId, audience: string): number {
  const row = store.get<{ n: number }>(
    `INSERT INTO sent_counter (mesh, audience, n) VALUES (?, ?, 1)
     ON CONFLICT (mesh, audience) DO UPDATE SET n = n + 1 RETURNING n`,
    mesh,
    audience,
  );
  if (row === undefined) throw new Error("the counter gave no row");
  return row.n;
}

/** The newest id that this home gave to a message: the next one comes after it, also where the clock stepped back. */
export const newestSent = (store: HomeStore): MessageId | undefined =>
  store.get<{ id: MessageId | null }>("SELECT max(id) AS id FROM outbox")?.id ?? undefined;
