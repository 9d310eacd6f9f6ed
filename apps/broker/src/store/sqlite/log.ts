import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type Audience,
  audienceOf,
  type MemberId,
  type Mention,
  MeshError,
  type MeshId,
  topicOf,
} from "@claudemesh/protocol";
import type { AudienceMove, LeaseToken, LogEntry, MessageAppend, MessageOutcome } from "../port.ts";
import type { LogAppender, MeshHead, NewEntry } from "../writing/log-appender.ts";

/** A mesh's head with what its row says; `settle` writes the difference. */
interface WrittenHead extends MeshHead {
  writtenSeq: number;
}

/** Told of every entry that is written; the transaction may still be rolled back. */
type OnAppend = (mesh: MeshId, entry: LogEntry) => void;

/** The log's writing side, on statements that stay prepared. Runs inside the writer's transaction. */
export class LogWriter implements LogAppender {
  readonly #onAppend: OnAppend;
  readonly #head: StatementSync;
  readonly #advance: StatementSync;
  readonly #insert: StatementSync;
  readonly #lookUp: StatementSync;
  readonly #remember: StatementSync;
  readonly #lease: StatementSync;
  readonly #topicBarrier: StatementSync;
  readonly #isInTopic: StatementSync;
  readonly #name: StatementSync;
  readonly #findAudience: StatementSync;
  readonly #addAudience: StatementSync;
  readonly #audiences = new Map<string, number>();
  readonly #heads = new Map<MeshId, WrittenHead>();

  constructor(db: DatabaseSync, onAppend: OnAppend) {
    this.#onAppend = onAppend;
    this.#head = db.prepare(logSql.head);
    this.#advance = db.prepare("UPDATE mesh SET head_seq = ? WHERE no = ?");
    this.#insert = db.prepare(
      "INSERT INTO log (mesh, seq, id, kind, sender, audience, at, expires_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#findAudience = db.prepare(logSql.audience);
    this.#addAudience = db.prepare("INSERT INTO audience (mesh, key) VALUES (?, ?) RETURNING no");
    this.#lookUp = db.prepare(logSql.lookUp);
    this.#lease = db.prepare(logSql.lease);
    this.#topicBarrier = db.prepare(logSql.topicBarrier);
    this.#isInTopic = db.prepare(logSql.isInTopic);
    this.#name = db.prepare(
      "INSERT INTO notification (mesh, member, seq, expires_at) VALUES (?, ?, ?, ?)",
    );
    this.#remember = db.prepare(
      "INSERT INTO idempotency (mesh, id, sender, digest, seq, at) VALUES (?, ?, ?, ?, ?, ?)",
    );
  }

  /** The mesh as it stands inside the transaction; throws `not_found`. */
  head(id: MeshId): WrittenHead {
    const known = this.#heads.get(id);
    if (known !== undefined) return known;
    const row = this.#head.get(id) as
      | { no: number; head_seq: number; barrier_seq: number }
      | undefined;
    if (row === undefined) throw new MeshError("not_found", `there is no mesh ${id}`);
    const { no, head_seq: headSeq, barrier_seq: barrierSeq } = row;
    const head = { no, id, headSeq, writtenSeq: headSeq, barrierSeq };
    this.#heads.set(id, head);
    return head;
  }

  made(id: MeshId): void {
    this.#heads.delete(id);
  }

  /** Brings the meshes' rows up to what was appended, and reads them anew from then on: once per run of messages instead of once per message. */
  settle(): void {
    for (const { no, headSeq, writtenSeq } of this.#heads.values()) {
      if (headSeq !== writtenSeq) this.#advance.run(headSeq, no);
    }
    this.#heads.clear();
  }

  /** Numbers and writes one entry; answers its seq. The mesh's row follows with `settle`. */
  append(mesh: MeshHead, entry: NewEntry, moves: readonly AudienceMove[] = []): number {
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
    mesh.headSeq = seq;
    const told = { seq, id, audience, kind, sender, at, body };
    this.#onAppend(mesh.id, moves.length === 0 ? told : { ...told, moves });
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
    const barrier = this.#barrier(mesh, input.audience);
    if (rosterSeq !== null && rosterSeq < barrier) return { result: "stale", barrier };
    if (input.lease !== undefined && this.#isFenced(mesh, sender, input.lease)) {
      return { result: "fenced" };
    }
    const seq = this.append(mesh, input);
    this.#remember.run(mesh.no, id, sender, digest, seq, at);
    for (const member of input.named ?? []) {
      this.#name.run(mesh.no, member, seq, input.expiresAt);
    }
    if (input.mentions !== undefined) this.#tellMentioned(mesh, input, input.mentions, seq);
    return { result: "accepted", seq, at, repeated: false };
  }

  /** To be called when anything was undone: it may have added an audience or advanced a head. */
  forget(): void {
    this.#audiences.clear();
    this.#heads.clear();
  }

  /** The roster seq below which a sender's roster is stale: the mesh's, and of a private topic its own besides. */
  #barrier(mesh: MeshHead, audience: Audience): number {
    const topic = topicOf(audience);
    if (topic === undefined) return mesh.barrierSeq;
    const own = this.#topicBarrier.get(mesh.no, topic) as { seq: number } | undefined;
    return Math.max(mesh.barrierSeq, own?.seq ?? 0);
  }

  /** Who is in the topic has the post itself. */
  #tellMentioned(
    mesh: MeshHead,
    { id, sender, at, expiresAt }: MessageAppend,
    { topic, members }: NonNullable<MessageAppend["mentions"]>,
    seq: number,
  ): void {
    const body = JSON.stringify({ topic, seq } satisfies Mention);
    for (const member of members) {
      if (this.#isInTopic.get(mesh.no, topic, member) !== undefined) continue;
      const audience = audienceOf(member);
      this.append(mesh, { id, kind: "mention", sender, audience, at, expiresAt, body });
    }
  }

  /** Whether another session has the thread by now, or the token was never given. */
  #isFenced(mesh: MeshHead, member: MemberId, { thread, token }: LeaseToken): boolean {
    const held = this.#lease.get(mesh.no, member, thread) as { token: number } | undefined;
    return held?.token !== token;
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
  lease: "SELECT token FROM lease WHERE mesh = ? AND member = ? AND thread = ?",
  topicBarrier: "SELECT seq FROM topic_barrier WHERE mesh = ? AND topic = ?",
  isInTopic: "SELECT 1 FROM topic_member WHERE mesh = ? AND topic = ? AND member = ?",
  audience: "SELECT no FROM audience WHERE mesh = ? AND key = ?",
} as const;
