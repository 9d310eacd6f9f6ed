import { isCounted, recordsMost, type TopicId } from "@claudemesh/protocol";
import { type Kysely, sql } from "kysely";
import type { Schema } from "../schema.ts";

/** How many records of a noun count towards what the mesh may have. */
export async function recordCount(db: Kysely<Schema>, mesh: number, noun: string): Promise<number> {
  const row = await db
    .selectFrom("record_count")
    .select("count")
    .where("mesh", "=", mesh)
    .where("noun", "=", noun)
    .executeTakeFirst();
  return row?.count ?? 0;
}

export const addToCount = (db: Kysely<Schema>, mesh: number, noun: string, more: number) =>
  db
    .insertInto("record_count")
    .values({ mesh, noun, count: more })
    .onConflict((conflict) =>
      conflict
        .columns(["mesh", "noun"])
        .doUpdateSet({ count: sql<number>`record_count.count + ${more}` }),
    )
    .execute();

/** Deletes what a topic had that has ended: nobody may read it any more. */
export async function dropTopicRecords(
  db: Kysely<Schema>,
  mesh: number,
  topic: TopicId,
): Promise<void> {
  const rows = await db
    .deleteFrom("record")
    .where("mesh", "=", mesh)
    .where("noun", "in", Object.keys(recordsMost))
    .where("topic", "=", topic)
    .returning(["noun", "status"])
    .execute();
  for (const noun of new Set(rows.map((row) => row.noun))) {
    const counted = rows.filter((row) => row.noun === noun && isCounted(row.status)).length;
    if (counted > 0) await addToCount(db, mesh, noun, -counted);
  }
}
