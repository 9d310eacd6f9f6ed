import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { MeshId } from "@claudemesh/protocol";
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

  #seqs(mesh: number, { after, upTo, audiences, limit }: LogQuery): number[] {
    const bound = Math.max(0, limit);
    const seqs: number[] = [];
    for (const audience of new Set(audiences)) {
      const known = this.#audience.get(mesh, audience) as { no: number } | undefined;
      if (known === undefined) continue;
      const rows = this.#seqsOf.all(mesh, known.no, after, upTo, bound) as { seq: number }[];
      for (const row of rows) seqs.push(row.seq);
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
