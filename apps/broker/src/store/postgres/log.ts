import { type Audience, MeshError, type MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { AudienceMove, LogEntry } from "../port.ts";
import type { LogAppender, MeshHead, NewEntry } from "../writing/log-appender.ts";
import type { AudienceNumbers } from "./audience-numbers.ts";

/** A row of the log and, for what its sender may repeat, what is remembered of it. */
interface Unwritten extends NewEntry {
  readonly seq: number;
  readonly digest: string | undefined;
}

/**
 * The log's writing side for one mesh in one transaction. The mesh's row is locked from the start, so that no other transaction numbers entries until this one
 * is over: the order of `seq` is the order of commits, without a gap. What is appended waits here until `flush` writes it in one statement.
 */
export class PostgresLog implements LogAppender {
  readonly #client: pg.ClientBase;
  readonly #numbers: AudienceNumbers;
  #head: MeshHead | undefined;
  #unwritten: Unwritten[] = [];
  /** everything that was appended, in order */
  readonly appended: LogEntry[] = [];

  constructor(client: pg.ClientBase, numbers: AudienceNumbers) {
    this.#client = client;
    this.#numbers = numbers;
  }

  /** Locks and reads the mesh's row unless that is done; nothing happens where there is no such mesh. */
  async hold(id: MeshId): Promise<void> {
    if (this.#head?.id === id) return;
    const { rows } = await this.#client.query<{ no: number; head: number; barrier: number }>({
      name: "head",
      text: "SELECT no, head_seq AS head, barrier_seq AS barrier FROM mesh WHERE id = $1 FOR UPDATE",
      values: [id],
    });
    const row = rows[0];
    if (row === undefined) return;
    this.#head = { no: row.no, id, headSeq: row.head, barrierSeq: row.barrier };
  }

  /** Lets the mesh's row be read anew: a named write may have changed it. */
  forget(): void {
    this.#head = undefined;
  }

  head(id: MeshId): MeshHead {
    if (this.#head?.id === id) return this.#head;
    throw new MeshError("not_found", `there is no mesh ${id}`);
  }

  async made(id: MeshId): Promise<void> {
    await this.hold(id);
  }

  append(mesh: MeshHead, entry: NewEntry, moves: readonly AudienceMove[] = []): number {
    return this.remember(mesh, entry, undefined, moves);
  }

  /** Appends what its sender may repeat: the digest tells a repeat from another message under the same id. */
  remember(
    mesh: MeshHead,
    entry: NewEntry,
    digest: string | undefined,
    moves: readonly AudienceMove[] = [],
  ): number {
    const seq = mesh.headSeq + 1;
    mesh.headSeq = seq;
    const { id, kind, sender, audience, at, expiresAt, body } = entry;
    this.#unwritten.push({ seq, id, kind, sender, audience, at, expiresAt, body, digest });
    const told = { seq, id, audience, kind, sender, at, body };
    this.appended.push(moves.length === 0 ? told : { ...told, moves });
    return seq;
  }

  /** Writes what was appended, and the mesh's row. */
  async flush(): Promise<void> {
    const mesh = this.#head;
    if (mesh === undefined || this.#unwritten.length === 0) return;
    const rows = this.#unwritten;
    this.#unwritten = [];
    const numbers = await this.#numbers.of(this.#client, mesh.no, audiencesOf(rows));
    await this.#client.query({
      name: "append",
      text: `INSERT INTO log (mesh, seq, id, kind, sender, audience, at, expires_at, body)
        SELECT $1::bigint, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[])`,
      values: [
        mesh.no,
        rows.map(({ seq }) => seq),
        rows.map(({ id }) => id),
        rows.map(({ kind }) => kind),
        rows.map(({ sender }) => sender),
        rows.map(({ audience }) => numbers.get(audience)),
        rows.map(({ at }) => at),
        rows.map(({ expiresAt }) => expiresAt),
        rows.map(({ body }) => body),
      ],
    });
    const known = rows.filter(({ digest }) => digest !== undefined);
    if (known.length > 0) await this.#rememberIds(mesh.no, known);
    await this.#client.query({
      name: "advance",
      text: `WITH moved AS (INSERT INTO mesh_moved (mesh, moved) VALUES ($1::bigint, pg_current_xact_id()::text::bigint)
          ON CONFLICT (mesh) DO UPDATE SET moved = EXCLUDED.moved)
        UPDATE mesh SET head_seq = $2 WHERE no = $1::bigint`,
      values: [mesh.no, mesh.headSeq],
    });
  }

  /** To be called when the database has undone everything that was appended after the first `kept` entries. */
  undo(kept: number): void {
    this.#unwritten = [];
    this.appended.length = kept;
    this.#numbers.settle(false);
    this.forget();
  }

  async #rememberIds(mesh: number, rows: readonly Unwritten[]): Promise<void> {
    await this.#client.query({
      name: "remember",
      text: `INSERT INTO idempotency (mesh, id, sender, digest, seq, at)
        SELECT $1::bigint, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])`,
      values: [
        mesh,
        rows.map(({ id }) => id),
        rows.map(({ sender }) => sender),
        rows.map(({ digest }) => digest),
        rows.map(({ seq }) => seq),
        rows.map(({ at }) => at),
      ],
    });
  }
}

const audiencesOf = (rows: readonly NewEntry[]): readonly Audience[] => [
  ...new Set(rows.map(({ audience }) => audience)),
];
