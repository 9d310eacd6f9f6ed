import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** The name of the newest migration that the store has. */
export async function findLastMigration(db: Kysely<Schema>): Promise<string | undefined> {
  const row = await db
    .selectFrom("migration")
    .select("name")
    .orderBy("name", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.name;
}
