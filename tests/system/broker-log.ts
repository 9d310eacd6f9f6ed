import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface LogRow {
  readonly seq: number;
  readonly id: string;
  readonly audience: string;
}

/** The log of a broker's only mesh as it lies in the broker's database. */
export function logOf(folder: string): LogRow[] {
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  try {
    const sql = `SELECT log.seq, log.id, audience.key AS audience
      FROM log JOIN audience ON audience.no = log.audience ORDER BY log.seq`;
    return db.prepare(sql).all() as unknown as LogRow[];
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
