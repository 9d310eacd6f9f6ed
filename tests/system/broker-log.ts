import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RecordNews } from "@claudemesh/protocol";

export interface LogRow {
  readonly seq: number;
  readonly id: string;
  readonly audience: string;
}

/** The log of a broker's only mesh as it lies in the broker's database. */
export const logOf = (folder: string): LogRow[] =>
  rowsIn(
    folder,
    `SELECT log.seq, log.id, audience.key AS audience
      FROM log JOIN audience ON audience.no = log.audience ORDER BY log.seq`,
  );

/** Which operations wrote the records of that log, in its order. */
export const recordWritesOf = (folder: string): string[] =>
  rowsIn<{ body: string }>(
    folder,
    "SELECT body FROM log WHERE kind = 'record' AND body IS NOT NULL ORDER BY seq",
  ).flatMap(({ body }) => (JSON.parse(body) as RecordNews).written.at(-1)?.op ?? []);

function rowsIn<T>(folder: string, sql: string): T[] {
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  try {
    return db.prepare(sql).all() as unknown as T[];
  } finally {
    db.close();
  }
}

/** Throws unless the log is gapless, holds each id once, and holds all that was acknowledged at the place that was named. */
export function checkLog(
  rows: readonly LogRow[],
  acknowledged: Iterable<readonly [id: string, seq: number]>,
): void {
  const places = new Map(rows.map(({ id, seq }) => [id, seq]));
  assert.equal(places.size, rows.length, "an id is in the log twice");
  rows.forEach(({ seq }, i) => {
    assert.equal(seq, i + 1, "the log has a gap");
  });
  for (const [id, seq] of acknowledged) {
    assert.equal(places.get(id), seq, `${id} was acknowledged at ${seq}`);
  }
}
