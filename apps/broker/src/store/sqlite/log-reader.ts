import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Audience, MeshId } from "@claudemesh/protocol";
import type { LogEntry, StoreReads } from "../port.ts";
import { logSql } from "./log.ts";

type LogQuery = Parameters<StoreReads["log"]>[1];

/** The log's reading side, on statements that stay prepared. */
export class LogReader {
  readonly #db: DatabaseSync;
  readonly #seqsOf: StatementSync;
  readonly #entry: StatementSync;
  readonly #audience: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#seqsOf = db.prepare(logSql.seqsOf);
    this.#entry = db.prepare(logSql.entry);
    this.#audience = db.prepare(logSql.audience);
  }

  /** One index range per audience, merged, so that neither other audiences nor deleted contents cost anything; one snapshot, so that a short page means the end. */
  read(mesh: number, query: LogQuery): LogEntry[] {
    this.#db.exec("BEGIN");
    try {
      return this.#seqs(mesh, query).map(
        (seq) => ({ ...this.#entry.get(mesh, seq) }) as unknown as LogEntry,
      );
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  #seqs(mesh: number, { after, upTo, audiences, spans = [], limit }: LogQuery): number[] {
    const bound = Math.max(0, limit);
    const seqs: number[] = [];
    const collect = (audience: Audience, from: number, until: number) => {
      const known = this.#audience.get(mesh, audience) as { no: number } | undefined;
      if (known === undefined || from >= until) return;
      const rows = this.#seqsOf.all(mesh, known.no, from, until, bound) as { seq: number }[];
      for (const row of rows) seqs.push(row.seq);
    };
    for (const audience of new Set(audiences)) collect(audience, after, upTo);
    for (const { audience, from, until } of spans) {
      collect(audience, Math.max(after, from), Math.min(upTo, until ?? upTo));
    }
    return seqs.sort((a, b) => a - b).slice(0, bound);
  }
}

/** Short numbers of meshes; they never change, so each is looked up once. */
export class MeshNumbers {
  readonly #known = new Map<MeshId, number>();
  readonly #find: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT no FROM mesh WHERE id = ?");
  }

  of(id: MeshId): number | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const row = this.#find.get(id) as { no: number } | undefined;
    if (row !== undefined) this.#known.set(id, row.no);
    return row?.no;
  }
}
