import type { ApiKeyId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { NodeOrder, NodeReads, NodeRow, PresenceRow } from "../nodes-port.ts";
import type { Schema } from "../schema.ts";

export async function upsertNode(db: Kysely<Schema>, node: NodeRow): Promise<void> {
  const { address, beat, id, keys, seenAt, startedAt, told, version } = node;
  const said = { address, version, keys, seen_at: seenAt, beat, told };
  await db
    .insertInto("node")
    .values({ id, started_at: startedAt, ...said })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(said))
    .execute();
}

/** Keeps what is there at a node, and takes away what is not. */
export async function movePresence(
  db: Kysely<Schema>,
  node: string,
  rows: readonly PresenceRow[],
): Promise<void> {
  for (const { mesh, subject, body } of rows) {
    if (body === null) {
      await db
        .deleteFrom("presence")
        .where("node", "=", node)
        .where("mesh", "=", mesh)
        .where("subject", "=", subject)
        .execute();
      continue;
    }
    await db
      .insertInto("presence")
      .values({ node, mesh, subject, body })
      .onConflict((conflict) => conflict.columns(["node", "mesh", "subject"]).doUpdateSet({ body }))
      .execute();
  }
}

/** Answers whether the node was there, with that beat where one is named. */
export async function deleteNode(
  db: Kysely<Schema>,
  { id, beat }: { readonly id: string; readonly beat?: number },
): Promise<boolean> {
  let query = db.deleteFrom("node").where("id", "=", id);
  if (beat !== undefined) query = query.where("beat", "=", beat);
  const { numDeletedRows } = await query.executeTakeFirstOrThrow();
  if (numDeletedRows === 0n) return false;
  await db.deleteFrom("presence").where("node", "=", id).execute();
  return true;
}

export async function listNodes(db: Kysely<Schema>): Promise<NodeRow[]> {
  const rows = await db.selectFrom("node").selectAll().orderBy("id").execute();
  return rows.map(({ started_at: startedAt, seen_at: seenAt, ...row }) => ({
    ...row,
    startedAt,
    seenAt,
  }));
}

/** The version is read first: what is newer than it is told again, and changes nothing then. */
export async function findPresence(
  db: Kysely<Schema>,
  id: string,
): Promise<Awaited<ReturnType<NodeReads["presenceOf"]>>> {
  const node = await db.selectFrom("node").select("told").where("id", "=", id).executeTakeFirst();
  if (node === undefined) return undefined;
  const rows = await db
    .selectFrom("presence")
    .select(["mesh", "subject", "body"])
    .where("node", "=", id)
    .execute();
  return { told: node.told, rows };
}

export async function insertOrder(db: Kysely<Schema>, order: NodeOrder, at: number): Promise<void> {
  await db
    .insertInto("node_order")
    .values({ ...order, at })
    .execute();
}

export async function deleteOrders(
  db: Kysely<Schema>,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const result = await db
    .deleteFrom("node_order")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("node_order as old")
        .select("old.id")
        .where("old.at", "<", before)
        .orderBy("old.id")
        .limit(Math.max(0, limit)),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

export async function listOrders(
  db: Kysely<Schema>,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<(NodeOrder & { id: number })[]> {
  return await db
    .selectFrom("node_order")
    .select(["id", "mesh", "what", "body"])
    .where("id", ">", after)
    .orderBy("id")
    .limit(Math.max(0, limit))
    .execute();
}

export async function findLastOrder(db: Kysely<Schema>): Promise<number> {
  const row = await db
    .selectFrom("node_order")
    .select("id")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? 0;
}

export async function listRevokedApiKeys(
  db: Kysely<Schema>,
  ids: readonly ApiKeyId[],
): Promise<ApiKeyId[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("api_key")
    .select("id")
    .where("id", "in", [...ids])
    .where("revoked_at", "is not", null)
    .execute();
  return rows.map(({ id }) => id);
}
