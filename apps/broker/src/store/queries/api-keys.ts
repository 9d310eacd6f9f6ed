import { type ApiKeyId, type Hash, limits, type MeshId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { ApiAnswer, ApiKeyPut, ApiKeyRow } from "../api-keys-port.ts";
import type { Schema } from "../schema.ts";

type Row = Schema["api_key"] & { readonly meshId: MeshId };

const asKey = (row: Row): ApiKeyRow => ({
  mesh: row.meshId,
  id: row.id,
  name: row.name,
  hash: row.hash,
  owner: row.owner,
  capabilities: JSON.parse(row.capabilities),
  topics: row.topics === null ? null : JSON.parse(row.topics),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  usedAt: row.used_at,
});

const keys = (db: Kysely<Schema>) =>
  db
    .selectFrom("api_key")
    .innerJoin("mesh", "mesh.no", "api_key.mesh")
    .selectAll("api_key")
    .select("mesh.id as meshId");

export async function listApiKeys(db: Kysely<Schema>, mesh: number): Promise<ApiKeyRow[]> {
  const rows = await keys(db).where("api_key.mesh", "=", mesh).execute();
  return rows.map(asKey).sort((a, b) => a.createdAt - b.createdAt);
}

export async function findApiKey(db: Kysely<Schema>, hash: Hash): Promise<ApiKeyRow | undefined> {
  const row = await keys(db).where("api_key.hash", "=", hash).executeTakeFirst();
  return row && asKey(row);
}

/** Keeps a key unless its id or secret is in use, or the mesh has too many that are good at that time. */
export async function putApiKey(
  db: Kysely<Schema>,
  mesh: number,
  put: ApiKeyPut,
): Promise<"kept" | "taken" | "full"> {
  const { id, name, hash, owner, capabilities, topics, at, expiresAt } = put;
  const good = await db
    .selectFrom("api_key")
    .select("id")
    .where("mesh", "=", mesh)
    .where("revoked_at", "is", null)
    .where(({ eb, or }) => or([eb("expires_at", "is", null), eb("expires_at", ">", at)]))
    .limit(limits.apiKeys)
    .execute();
  if (good.length >= limits.apiKeys) return "full";
  const kept = await db
    .insertInto("api_key")
    .values({
      mesh,
      id,
      name,
      hash,
      owner,
      capabilities: JSON.stringify(capabilities),
      topics: topics === null ? null : JSON.stringify(topics),
      created_at: at,
      expires_at: expiresAt,
      revoked_at: null,
      used_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return kept === undefined ? "taken" : "kept";
}

interface OfKey {
  readonly id: ApiKeyId;
  readonly at: number;
}

export async function endApiKey(
  db: Kysely<Schema>,
  mesh: number,
  { id, at }: OfKey,
): Promise<boolean> {
  const ended = await db
    .updateTable("api_key")
    .set({ revoked_at: at })
    .where("mesh", "=", mesh)
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return Number(ended.numUpdatedRows) > 0;
}

export async function markApiKey(
  db: Kysely<Schema>,
  mesh: number,
  { id, at }: OfKey,
): Promise<void> {
  await db
    .updateTable("api_key")
    .set({ used_at: at })
    .where("mesh", "=", mesh)
    .where("id", "=", id)
    .execute();
}

interface AnswerOf {
  readonly key: ApiKeyId;
  readonly idempotency: string;
}

export async function findAnswer(
  db: Kysely<Schema>,
  mesh: number,
  { key, idempotency }: AnswerOf,
): Promise<ApiAnswer | undefined> {
  return await db
    .selectFrom("api_answer")
    .select(["digest", "output"])
    .where("mesh", "=", mesh)
    .where("api_key", "=", key)
    .where("idempotency", "=", idempotency)
    .executeTakeFirst();
}

export async function putAnswer(
  db: Kysely<Schema>,
  mesh: number,
  { key, idempotency, digest, output, at }: AnswerOf & ApiAnswer & { readonly at: number },
): Promise<void> {
  await db
    .insertInto("api_answer")
    .values({ mesh, api_key: key, idempotency, digest, output, at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Forgets answers older than `before`, oldest first; answers how many. */
export async function deleteAnswers(
  db: Kysely<Schema>,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const result = await db
    .deleteFrom("api_answer")
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("mesh", "api_key", "idempotency"),
        "in",
        selectFrom("api_answer as old")
          .select(["old.mesh", "old.api_key", "old.idempotency"])
          .where("old.at", "<", before)
          .orderBy("old.at")
          .limit(Math.max(0, limit))
          .$asTuple("mesh", "api_key", "idempotency"),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
