import { DatabaseSync } from "node:sqlite";

/** Accepted message ids by the seq that the broker answered. */
export type Accepted = Map<number, string>;

/** Throws unless the log of `mesh`, read from the database file itself, holds exactly what was accepted, gapless, contents included. */
export function checkLog(database: string, mesh: string, accepted: Accepted): void {
  if (accepted.size === 0) throw new Error("nothing was accepted");
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const seq of accepted.keys()) {
    first = Math.min(first, seq);
    last = Math.max(last, seq);
  }
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const rows = db
      .prepare(
        `SELECT seq, log.id FROM log JOIN mesh ON mesh.no = log.mesh
         WHERE mesh.id = ? AND seq BETWEEN ? AND ? AND kind = 'message' AND body IS NOT NULL`,
      )
      .all(mesh, first, last) as { seq: number; id: string }[];
    const wrong = rows.find(({ seq, id }) => accepted.get(seq) !== id);
    if (wrong !== undefined) throw new Error(`the log has ${wrong.id}, which was not accepted`);
    if (rows.length !== accepted.size || rows.length !== last - first + 1) {
      throw new Error(
        `${accepted.size} accepted, ${rows.length} in the log from ${first} to ${last}`,
      );
    }
  } finally {
    db.close();
  }
}
