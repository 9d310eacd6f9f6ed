import type { MemberId, MessageId } from "@claudemesh/protocol";
import { type Kysely, sql } from "kysely";
import type { MessageRecord } from "../port.ts";
import type { Schema } from "../schema.ts";

/** A member draws its own message ids, so that an id names at most one message of each sender; this many are answered. */
const sameId = 100;

export async function findMessages(
  db: Kysely<Schema>,
  mesh: number,
  id: MessageId,
): Promise<MessageRecord[]> {
  const rows = await db
    .selectFrom("log")
    .innerJoin("audience", "audience.no", "log.audience")
    .select(["seq", "sender", "key", "at", "expires_at", "contents_deleted_at", "expired"])
    .where("log.mesh", "=", mesh)
    .where("id", "=", id)
    // a literal, since the index holds messages only
    .where("kind", "=", sql.lit("message"))
    .orderBy("seq")
    .limit(sameId)
    .execute();
  return rows.map((row) => ({
    id,
    seq: row.seq,
    sender: row.sender as MemberId,
    audience: row.key,
    acceptedAt: row.at,
    expiresAt: row.expires_at,
    contentsDeletedAt: row.contents_deleted_at,
    expired: row.expired !== 0,
  }));
}
