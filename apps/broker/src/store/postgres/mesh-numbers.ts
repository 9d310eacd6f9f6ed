import type { MeshId } from "@claudemesh/protocol";
import type pg from "pg";

/** How many meshes' numbers are kept in memory. */
const knownMost = 100_000;

/** Short numbers of meshes; they never change, so each is looked up once. */
export function meshNumbers(pool: pg.Pool): (id: MeshId) => number | Promise<number | undefined> {
  const known = new Map<MeshId, number>();
  const find = async (id: MeshId): Promise<number | undefined> => {
    const { rows } = await pool.query<{ no: number }>("SELECT no FROM mesh WHERE id = $1", [id]);
    const no = rows[0]?.no;
    if (known.size >= knownMost) known.clear();
    if (no !== undefined) known.set(id, no);
    return no;
  };
  return (id) => known.get(id) ?? find(id);
}
