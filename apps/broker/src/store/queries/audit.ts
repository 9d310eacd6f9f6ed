import type { AuditHead, AuditRow, Hash, MeshId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { AuditChainRow } from "../audit-port.ts";
import type { Schema } from "../schema.ts";

/** Where the chain of a mesh ends; before its first row 0 and the empty hash. */
export async function findAuditChain(db: Kysely<Schema>, mesh: number): Promise<AuditChainRow> {
  const row = await db
    .selectFrom("audit_chain")
    .select(["seq", "hash", "anchor"])
    .where("mesh", "=", mesh)
    .executeTakeFirst();
  if (row === undefined) return { seq: 0, hash: "", anchor: undefined };
  const anchor = row.anchor === null ? undefined : (JSON.parse(row.anchor) as AuditHead);
  return { seq: row.seq, hash: row.hash, anchor };
}

export async function insertAuditRow(
  db: Kysely<Schema>,
  row: Schema["audit"],
  isFirst: boolean,
): Promise<void> {
  await db.insertInto("audit").values(row).execute();
  const { mesh, seq, hash } = row;
  if (isFirst) {
    await db.insertInto("audit_chain").values({ mesh, seq, hash, anchor: null }).execute();
  } else {
    await db.updateTable("audit_chain").set({ seq, hash }).where("mesh", "=", mesh).execute();
  }
}

/** Rows as they are stored: what a body says stands beside the hash of its row, whether they belong together or not. */
export async function listAuditRows(
  db: Kysely<Schema>,
  mesh: number,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<AuditRow[]> {
  const rows = await db
    .selectFrom("audit")
    .select(["hash", "body"])
    .where("mesh", "=", mesh)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map(({ hash, body }) => ({ ...JSON.parse(body), hash }) as AuditRow);
}

/** Puts the anchor in place of the rows up to it; 0 when the chain does not have that row. */
export async function pruneAuditRows(
  db: Kysely<Schema>,
  mesh: number,
  anchor: AuditHead,
): Promise<number> {
  const { seq, hash } = anchor;
  const known = await db
    .selectFrom("audit")
    .select("hash")
    .where("mesh", "=", mesh)
    .where("seq", "=", seq)
    .executeTakeFirst();
  if (known?.hash !== hash) return 0;
  await db
    .updateTable("audit_chain")
    .set({ anchor: JSON.stringify(anchor) })
    .where("mesh", "=", mesh)
    .execute();
  const gone = await db
    .deleteFrom("audit")
    .where("mesh", "=", mesh)
    .where("seq", "<=", seq)
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}

/** For each mesh with rows older than `before`: the last of those that begin its chain. The newest row of a chain is always kept. */
export async function listAuditOver(
  db: Kysely<Schema>,
  query: { readonly before: number; readonly limit: number; readonly meshes: number },
): Promise<{ mesh: MeshId; seq: number; hash: Hash }[]> {
  const meshes = await db
    .selectFrom("audit")
    .innerJoin("mesh", "mesh.no", "audit.mesh")
    .innerJoin("audit_chain", "audit_chain.mesh", "audit.mesh")
    .select(["mesh.no", "mesh.id"])
    .distinct()
    .where("audit.at", "<", query.before)
    .whereRef("audit.seq", "<", "audit_chain.seq")
    .limit(query.meshes)
    .execute();
  const found: { mesh: MeshId; seq: number; hash: Hash }[] = [];
  for (const { no, id } of meshes) {
    const rows = await db
      .selectFrom("audit")
      .innerJoin("audit_chain", "audit_chain.mesh", "audit.mesh")
      .select(["audit.seq", "audit.hash", "audit.at"])
      .where("audit.mesh", "=", no)
      .whereRef("audit.seq", "<", "audit_chain.seq")
      .orderBy("audit.seq")
      .limit(query.limit)
      .execute();
    // The clock may have stepped back: a younger row ends what may go, whatever comes after it.
    const young = rows.findIndex(({ at }) => at >= query.before);
    const last = rows.at((young < 0 ? rows.length : young) - 1);
    if (young !== 0 && last !== undefined) found.push({ mesh: id, seq: last.seq, hash: last.hash });
  }
  return found;
}
