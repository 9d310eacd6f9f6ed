import type { MeshId } from "@claudemesh/protocol";
import type { Kysely, Selectable } from "kysely";
import type { LogPosition, MeshCreate, MeshRow } from "../port.ts";
import type { Schema } from "../schema.ts";

const toMesh = (row: Selectable<Schema["mesh"]>): MeshRow => ({
  id: row.id,
  slug: row.slug,
  createdAt: row.created_at,
  epoch: row.epoch,
  epochBase: row.epoch_base,
  headSeq: row.head_seq,
  ...(row.restored_at === null
    ? {}
    : {
        restored: {
          at: row.restored_at,
          base: row.restored_base ?? row.epoch_base,
          confirmed: row.unconfirmed === 0,
        },
      }),
});

export async function listMeshes(db: Kysely<Schema>): Promise<MeshRow[]> {
  return (await db.selectFrom("mesh").selectAll().orderBy("no").execute()).map(toMesh);
}

export async function findMesh(db: Kysely<Schema>, id: MeshId): Promise<MeshRow | undefined> {
  const row = await db.selectFrom("mesh").selectAll().where("id", "=", id).executeTakeFirst();
  return row && toMesh(row);
}

/** Writes the mesh's row with an empty log; false when the mesh is there already. */
export async function insertMesh(db: Kysely<Schema>, input: MeshCreate): Promise<boolean> {
  const row = await db
    .insertInto("mesh")
    .values({
      id: input.mesh,
      slug: input.slug,
      created_at: input.at,
      epoch: input.epoch,
      epoch_base: 0,
      head_seq: 0,
      barrier_seq: 0,
      roster_seq: input.genesis.seq,
      roster_hash: input.hash,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("no")
    .executeTakeFirst();
  return row !== undefined;
}

/** The position at `seq`; before the first entry the id is empty. Undefined past the end of the log. */
export async function findPosition(
  db: Kysely<Schema>,
  mesh: MeshId,
  seq: number,
): Promise<LogPosition | undefined> {
  const row = await db
    .selectFrom("mesh")
    .leftJoin("log", (join) => join.onRef("log.mesh", "=", "mesh.no").on("log.seq", "=", seq))
    .select(["mesh.epoch", "log.id"])
    .where("mesh.id", "=", mesh)
    .executeTakeFirst();
  if (row === undefined || (row.id === null && seq !== 0)) return undefined;
  return { epoch: row.epoch, seq, id: row.id ?? "" };
}
