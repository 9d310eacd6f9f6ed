import type { MemberId, RecordId, TopicId, Written } from "@claudemesh/protocol";
import { type Kysely, type Selectable, sql } from "kysely";
import type { RecordPlace, RecordPut, RecordQuery, RecordRow } from "../records-port.ts";
import type { Schema } from "../schema.ts";

export const recordColumns = [
  "noun",
  "topic",
  "key",
  "version",
  "status",
  "author",
  "at",
  "written",
] as const;
export type RawRecord = Pick<Selectable<Schema["record"]>, (typeof recordColumns)[number]>;

export const asRecord = (row: RawRecord): RecordRow => ({
  ...row,
  written: JSON.parse(row.written) as Written[],
});

export async function findRecord(
  db: Kysely<Schema>,
  mesh: number,
  { noun, topic, key }: RecordPlace,
): Promise<RecordRow | undefined> {
  const row = await db
    .selectFrom("record")
    .select(recordColumns)
    .where("mesh", "=", mesh)
    .where("noun", "=", noun)
    .where("topic", "=", topic)
    .where("key", "=", key)
    .executeTakeFirst();
  return row && asRecord(row);
}

/** The newest change first. */
export async function listRecords(
  db: Kysely<Schema>,
  mesh: number,
  { noun, topics, statuses, before, limit }: RecordQuery & { readonly before?: number | undefined },
): Promise<RecordRow[]> {
  if (topics.length === 0) return [];
  let rows = db
    .selectFrom("record")
    .select(recordColumns)
    .where("mesh", "=", mesh)
    .where("noun", "=", noun)
    .where("topic", "in", topics)
    .where("status", "!=", "gone")
    .orderBy("version", "desc")
    .limit(limit);
  if (statuses !== undefined) rows = rows.where("status", "in", statuses);
  if (before !== undefined) rows = rows.where("version", "<", before);
  return (await rows.execute()).map(asRecord);
}

export async function countRecords(
  db: Kysely<Schema>,
  mesh: number,
  topics: readonly (TopicId | "")[],
) {
  if (topics.length === 0) return [];
  const rows = await db
    .selectFrom("record")
    .select(["noun", "status", ({ fn }) => fn.countAll<number>().as("count")])
    .where("mesh", "=", mesh)
    .where("topic", "in", topics)
    .where("status", "!=", "gone")
    .groupBy(["noun", "status"])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** How a record stands now. */
export const recordStanding = (
  db: Kysely<Schema>,
  mesh: number,
  { noun, topic, key }: RecordPlace,
) =>
  db
    .selectFrom("record")
    .select(["version", "status"])
    .where("mesh", "=", mesh)
    .where("noun", "=", noun)
    .where("topic", "=", topic)
    .where("key", "=", key)
    .executeTakeFirst();

export async function upsertRecord(
  db: Kysely<Schema>,
  mesh: number,
  input: Pick<
    RecordPut,
    "noun" | "topic" | "key" | "status" | "author" | "at" | "written" | "words"
  >,
  version: number,
): Promise<void> {
  const { noun, topic, key, status, author, at, words } = input;
  const now = { version, status, author, at, written: JSON.stringify(input.written), words };
  await db
    .insertInto("record")
    .values({ mesh, noun, topic, key, ...now })
    .onConflict((conflict) => conflict.columns(["mesh", "noun", "topic", "key"]).doUpdateSet(now))
    .execute();
}

export const findWritten = (
  db: Kysely<Schema>,
  mesh: number,
  { by, id }: { readonly by: MemberId; readonly id: RecordId },
) =>
  db
    .selectFrom("idempotency")
    .select(["digest", "seq", "at", "replaced"])
    .where("mesh", "=", mesh)
    .where("sender", "=", by)
    .where("id", "=", id)
    .executeTakeFirst();

export const noteWritten = (
  db: Kysely<Schema>,
  mesh: number,
  { by, id, digest, at }: Pick<RecordPut, "by" | "id" | "digest" | "at">,
  as: { readonly seq: number; readonly replaced: number },
) =>
  db
    .insertInto("idempotency")
    .values({ mesh, sender: by, id, digest, at, ...as })
    .execute();

export async function forgetGone(
  db: Kysely<Schema>,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("record")
    .where("no", "in", (eb) =>
      eb
        .selectFrom("record")
        .select("no")
        .where("status", "=", sql.lit("gone"))
        .where("at", "<", before)
        .orderBy("at")
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
