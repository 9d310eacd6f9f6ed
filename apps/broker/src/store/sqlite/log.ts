import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Audience, type MemberId, MeshError, type MeshId } from "@claudemesh/protocol";
import type { LogEntry, LogKind, MessageAppend, MessageOutcome } from "../port.ts";

/** A mesh's row as far as appending needs it; `append` keeps `headSeq` current. */
export interface MeshHead {
  readonly no: number;
  readonly id: MeshId;
  headSeq: number;
  readonly barrierSeq: number;
}

export interface NewEntry {
  readonly id: string;
  readonly kind: LogKind;
  readonly sender: MemberId | null;
  readonly audience: Audience;
  readonly at: number;
  readonly expiresAt: number;
  readonly body: string;
}

/** Told of every entry that is written; the transaction may still be rolled back. */
export type Appended = (mesh: MeshId, entry: LogEntry) => void;

/** The log's writing side, on statements that stay prepared. Runs inside the writer's transaction. */
export class LogWriter {
  readonly #appended: Appended;
  readonly #head: StatementSync;
  readonly #advance: StatementSync;
  readonly #insert: StatementSync;
  readonly #lookUp: StatementSync;
  readonly #remember: StatementSync;
  readonly #findAudience: StatementSync;
  readonly #addAudience: StatementSync;
  readonly #audiences = new Map<string, number>();

  constructor(db: DatabaseSync, appended: Appended) {
    this.#appended = appended;
    this.#head = db.prepare(logSql.head);
    this.#advance = db.prepare("UPDATE mesh SET head_seq = ? WHERE no = ?");
    this.#insert = db.prepare(
      "INSERT INTO log (mesh, seq, id, kind, sender, audience, at, expires_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#findAudience = db.prepare(logSql.audience);
    this.#addAudience = db.prepare("INSERT INTO audience (mesh, key) VALUES (?, ?) RETURNING no");
    this.#lookUp = db.prepare(logSql.lookUp);
    this.#remember = db.prepare(
      "INSERT INTO idempotency (mesh, id, sender, digest, seq, at) VALUES (?, ?, ?, ?, ?, ?)",
    );
  }

  /** The mesh as it stands inside the transaction; throws `not_found`. */
  head(id: MeshId): MeshHead {
    const row = this.#head.get(id) as
      | { no: number; head_seq: number; barrier_seq: number }
      | undefined;
    if (row === undefined) throw new MeshError("not_found", `there is no mesh ${id}`);
    return { no: row.no, id, headSeq: row.head_seq, barrierSeq: row.barrier_seq };
  }

  /** Numbers and writes one entry; answers its seq. */
  append(mesh: MeshHead, entry: NewEntry): number {
    const { id, kind, sender, audience, at, expiresAt, body } = entry;
    const seq = mesh.headSeq + 1;
    this.#insert.run(
      mesh.no,
      seq,
      id,
      kind,
      sender,
      this.#audience(mesh.no, audience),
      at,
      expiresAt,
      body,
    );
    this.#advance.run(seq, mesh.no);
    mesh.headSeq = seq;
    this.#appended(mesh.id, { seq, id, audience, kind, sender, at, body });
    return seq;
  }

  /** A known id answers as it did the first time, before anything else is looked at; only what is new is checked and numbered. */
  appendMessage(mesh: MeshHead, input: MessageAppend): MessageOutcome {
    const { sender, id, digest, rosterSeq, at } = input;
    const known = this.#lookUp.get(mesh.no, id, sender) as
      | { digest: string; seq: number; at: number }
      | undefined;
    if (known !== undefined) {
      return known.digest === digest
        ? { result: "accepted", seq: known.seq, at: known.at, repeated: true }
        : { result: "conflict" };
    }
    if (rosterSeq !== null && rosterSeq < mesh.barrierSeq) {
      return { result: "stale", barrier: mesh.barrierSeq };
    }
    const seq = this.append(mesh, input);
    this.#remember.run(mesh.no, id, sender, digest, seq, at);
    return { result: "accepted", seq, at, repeated: false };
  }

  /** To be called when a write was undone: it may have added an audience. */
  forgetAudiences(): void {
    this.#audiences.clear();
  }

  #audience(mesh: number, key: Audience): number {
    const name = `${mesh} ${key}`;
    const known = this.#audiences.get(name);
    if (known !== undefined) return known;
    const row = this.#findAudience.get(mesh, key) ?? this.#addAudience.get(mesh, key);
    const { no } = row as { no: number };
    if (this.#audiences.size >= knownAudiences) this.#audiences.clear();
    this.#audiences.set(name, no);
    return no;
  }
}

/** How many audiences' numbers are kept in memory. */
const knownAudiences = 20_000;

/** The statements that read, apart from the code so that a test can see which index each one uses. */
export const logSql = {
  head: "SELECT no, head_seq, barrier_seq FROM mesh WHERE id = ?",
  lookUp: "SELECT digest, seq, at FROM idempotency WHERE mesh = ? AND id = ? AND sender = ?",
  seqsOf:
    "SELECT seq FROM log WHERE mesh = ? AND audience = ? AND seq > ? AND seq <= ? AND body IS NOT NULL ORDER BY seq LIMIT ?",
  entry:
    "SELECT seq, id, key AS audience, kind, sender, at, body FROM log JOIN audience ON audience.no = log.audience WHERE log.mesh = ? AND seq = ?",
  audience: "SELECT no FROM audience WHERE mesh = ? AND key = ?",
} as const;
