import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { homePaths } from "../../../device/src/home/paths.ts";
import { valueIn } from "./message-text.ts";

export interface SentRow {
  readonly id: string;
  readonly value: string;
  readonly state: string;
  readonly reason: string | null;
  readonly seq: number | null;
}

export interface ReceivedRow {
  readonly id: string;
  readonly value: string;
}

/** One home, read from its database file. */
export interface HomeAudit {
  readonly sent: readonly SentRow[];
  readonly received: readonly ReceivedRow[];
  /** what is still under way: messages to send, to show, to open, and receipts */
  readonly pending: Readonly<Record<"toSend" | "toShow" | "toOpen" | "toTell", number>>;
}

function reading<T>(path: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

export const auditHome = (home: string): HomeAudit =>
  reading(homePaths(home).database, (db) => {
    const count = (sql: string) => (db.prepare(sql).get() as { c: number }).c;
    const rows = (sql: string) => db.prepare(sql).all() as unknown as { text: string }[];
    const withValue = ({ text, ...row }: { text: string }) => ({ ...row, value: valueIn(text) });
    const sent = rows("SELECT id, text, state, reason, seq FROM outbox ORDER BY position");
    const received = rows("SELECT id, text FROM inbox WHERE kind = 'direct' ORDER BY position");
    return {
      sent: sent.map(withValue) as unknown as SentRow[],
      received: received.map(withValue) as unknown as ReceivedRow[],
      pending: {
        toSend: count("SELECT count(*) AS c FROM outbox WHERE state = 'queued'"),
        toShow: count("SELECT count(*) AS c FROM inbox WHERE handed_at IS NULL"),
        toOpen: count("SELECT count(*) AS c FROM awaiting"),
        toTell: count(
          "SELECT (SELECT count(*) FROM receipt_due) + (SELECT count(*) FROM receipt_out) AS c",
        ),
      },
    };
  });

/** What a home tells about a message, in its own words. */
export const storyAt = (home: string, id: string): readonly string[] =>
  reading(homePaths(home).database, (db) =>
    (
      db.prepare("SELECT at, what FROM story WHERE message = ? ORDER BY id").all(id) as {
        at: number;
        what: string;
      }[]
    ).map(({ at, what }) => `${at} ${what}`),
  );

export interface LogAudit {
  readonly head: number;
  /** seqs that are missing below the head */
  readonly gaps: readonly number[];
  /** how often each message id stands in the log */
  readonly messages: ReadonlyMap<string, readonly number[]>;
}

export interface LogRow {
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
}

/** What the rows of a log, which ends at `head`, come to. */
export function auditRows(head: number, rows: readonly LogRow[]): LogAudit {
  const seqs = new Set(rows.map(({ seq }) => seq));
  const gaps = Array.from({ length: head }, (_, i) => i + 1).filter((seq) => !seqs.has(seq));
  const messages = new Map<string, number[]>();
  for (const { seq, id, kind } of rows) {
    if (kind === "message") messages.set(id, [...(messages.get(id) ?? []), seq]);
  }
  return { head, gaps, messages };
}

/** The broker's log, read from its database file. */
export const auditLog = (folder: string): LogAudit =>
  reading(join(folder, "broker.db"), (db) => {
    const { no, head } = db.prepare("SELECT no, head_seq AS head FROM mesh").get() as {
      no: number;
      head: number;
    };
    const rows = db.prepare("SELECT seq, id, kind FROM log WHERE mesh = ? ORDER BY seq").all(no);
    return auditRows(head, rows as unknown as LogRow[]);
  });
