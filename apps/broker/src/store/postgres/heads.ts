import type { MeshId } from "@claudemesh/protocol";
import type pg from "pg";

/** Where meshes' logs end, and from which transaction on a later look has to ask. */
export interface Heads {
  readonly heads: readonly (readonly [MeshId, number])[];
  readonly horizon: number;
}

interface Row {
  readonly horizon: number;
  readonly id: MeshId | null;
  readonly head: number | null;
}

/** Transactions before the horizon are over, one way or the other, and seen by the statement that tells it. */
const horizon = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon";

export const headsSql = {
  all: `SELECT ${horizon}, mesh.id, mesh.head_seq AS head FROM (VALUES (1)) AS one LEFT JOIN mesh ON true`,
  moved: `SELECT ${horizon}, found.id, found.head FROM (VALUES (1)) AS one LEFT JOIN
    (SELECT mesh.id, mesh.head_seq AS head FROM mesh_moved JOIN mesh ON mesh.no = mesh_moved.mesh WHERE mesh_moved.moved >= $1) AS found ON true`,
} as const;

/** Every mesh's head. */
export async function allHeads(pool: pg.Pool): Promise<Heads> {
  return headsOf((await pool.query<Row>(headsSql.all)).rows);
}

/** The heads of what has moved since a look that told this horizon; what was told already may be among them. */
export async function movedHeads(pool: pg.Pool, since: number): Promise<Heads> {
  return headsOf(
    (await pool.query<Row>({ name: "moved", text: headsSql.moved, values: [since] })).rows,
  );
}

function headsOf(rows: readonly Row[]): Heads {
  const heads = rows.flatMap(({ id, head }) =>
    id === null || head === null ? [] : [[id, head] as const],
  );
  return { heads, horizon: rows[0]?.horizon ?? 0 };
}
