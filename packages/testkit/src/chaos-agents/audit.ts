import { DatabaseSync } from "node:sqlite";
import { homePaths } from "../../../device/src/home/paths.ts";
import { valueIn } from "../chaos/message-text.ts";

/** A message as its sender's home knows it at the end. */
export interface SentMessage {
  readonly id: string;
  readonly value: string;
  readonly state: string;
  readonly reason: string | null;
  readonly seq: number | null;
  readonly replyTo: string | null;
}

/** A message as its recipient's home knows it. */
export interface ReceivedMessage {
  readonly id: string;
  readonly value: string;
  /** the one session that it is for */
  readonly session: string | null;
}

export interface AgentsAudit {
  readonly sent: readonly SentMessage[];
  readonly received: readonly ReceivedMessage[];
  /** the agent session of each session that this home ever had */
  readonly agentSessions: ReadonlyMap<string, string>;
}

function reading<T>(home: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(homePaths(home).database, { readOnly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Reads a home's database file. */
export const auditAgents = (home: string): AgentsAudit =>
  reading(home, (db) => {
    const rows = <T>(sql: string) => db.prepare(sql).all() as unknown as T[];
    const valued = <T extends { text: string }>({ text, ...row }: T) => ({
      ...row,
      value: valueIn(text),
    });
    const sent = rows<Omit<SentMessage, "value"> & { text: string }>(
      'SELECT id, text, state, reason, seq, reply_to AS "replyTo" FROM outbox ORDER BY position',
    );
    const received = rows<Omit<ReceivedMessage, "value"> & { text: string }>(
      "SELECT id, text, to_session AS session FROM inbox WHERE kind = 'direct' ORDER BY position",
    );
    const sessions = rows<{ session: string; agent: string }>(
      "SELECT session, agent_session AS agent FROM session",
    );
    return {
      sent: sent.map(valued),
      received: received.map(valued),
      agentSessions: new Map(sessions.map(({ session, agent }) => [session, agent])),
    };
  });

const counts = {
  toSend: "SELECT count(*) AS c FROM outbox WHERE state = 'queued'",
  toShow: `SELECT count(*) AS c FROM inbox WHERE kind = 'direct' AND handed_at IS NULL
    AND guard IS NULL AND priority <> 'low'`,
  toAskFor: `SELECT count(*) AS c FROM inbox WHERE kind = 'direct' AND handed_at IS NULL
    AND guard IS NULL AND priority = 'low'`,
  toSee: `SELECT count(*) AS c FROM inbox WHERE handed_to IS NOT NULL AND handed_at IS NOT NULL
    AND seen_at IS NULL`,
  toOpen: "SELECT count(*) AS c FROM awaiting",
  toTell: "SELECT (SELECT count(*) FROM receipt_due) + (SELECT count(*) FROM receipt_out) AS c",
} as const;

export type Pending = keyof typeof counts;

/** What is still under way at a home. */
export const pendingAt = (home: string): Readonly<Record<Pending, number>> =>
  reading(home, (db) => {
    const entries = Object.entries(counts).map(([what, sql]) => [
      what,
      (db.prepare(sql).get() as { c: number }).c,
    ]);
    return Object.fromEntries(entries) as Record<Pending, number>;
  });

/** Messages of a home that wait to be shown or to be found in a transcript. */
export const waitingAt = (home: string): readonly string[] =>
  reading(home, (db) =>
    (
      db
        .prepare(
          "SELECT id FROM inbox WHERE kind = 'direct' AND guard IS NULL AND (handed_at IS NULL OR (handed_to IS NOT NULL AND seen_at IS NULL))",
        )
        .all() as { id: string }[]
    ).map(({ id }) => id),
  );
