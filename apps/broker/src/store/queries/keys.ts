import type { Hash, MemberId, SignKey } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { KeyBegin } from "../port.ts";
import type { Schema } from "../schema.ts";
import { dropRows } from "./key-rows.ts";

/** Bundles that one author may have waiting for their entry; the oldest gives way. */
const offeredMost = 4;

/** Whether the roster has begun a key. */
export const isBegun = async (
  db: Kysely<Schema>,
  mesh: number,
  commitment: Hash,
): Promise<boolean> =>
  (await db
    .selectFrom("key_begun")
    .select("commitment")
    .where("mesh", "=", mesh)
    .where("commitment", "=", commitment)
    .executeTakeFirst()) !== undefined;

/** Notes that an author prepares a key, and drops the oldest that it prepared where there are too many. */
export async function offerKey(
  db: Kysely<Schema>,
  mesh: number,
  offer: { readonly author: SignKey; readonly commitment: Hash; readonly at: number },
): Promise<void> {
  const { author } = offer;
  await db
    .insertInto("key_offered")
    .values({ mesh, ...offer })
    .onConflict((conflict) =>
      conflict.columns(["mesh", "author", "commitment"]).doUpdateSet({ at: offer.at }),
    )
    .execute();
  const offered = await db
    .selectFrom("key_offered")
    .select("commitment")
    .where("mesh", "=", mesh)
    .where("author", "=", author)
    .orderBy("at", "desc")
    .execute();
  for (const { commitment } of offered.slice(offeredMost)) {
    await dropRows(db, mesh, { commitment, author });
    await dropOffer(db, mesh, { commitment, author });
  }
}

async function dropOffer(
  db: Kysely<Schema>,
  mesh: number,
  { commitment, author }: { readonly commitment: Hash; readonly author: SignKey },
): Promise<void> {
  await db
    .deleteFrom("key_offered")
    .where("mesh", "=", mesh)
    .where("author", "=", author)
    .where("commitment", "=", commitment)
    .execute();
}

/** Makes a key the newest of its kind; the one before is over when what is sealed under it is gone. */
export async function beginKey(
  db: Kysely<Schema>,
  mesh: number,
  { commitment, topic, beforeOverAt }: Omit<KeyBegin, "covers">,
): Promise<void> {
  await db
    .updateTable("key_begun")
    .set({ over_at: beforeOverAt })
    .where("mesh", "=", mesh)
    .where("topic", "=", topic ?? "")
    .where("over_at", "is", null)
    .execute();
  await db
    .insertInto("key_begun")
    .values({ mesh, commitment, topic: topic ?? "", over_at: null })
    .execute();
  await db
    .deleteFrom("key_offered")
    .where("mesh", "=", mesh)
    .where("commitment", "=", commitment)
    .execute();
}

/** Forgets the rows of keys that are over at `now`, and of those prepared before `offeredBefore` that nothing began; answers how many keys it were. */
export async function forgetOver(
  db: Kysely<Schema>,
  {
    now,
    offeredBefore,
    limit,
  }: { readonly now: number; readonly offeredBefore: number; readonly limit: number },
): Promise<number> {
  const over = await db
    .selectFrom("key_begun")
    .select(["mesh", "commitment"])
    .where("over_at", "is not", null)
    .where("over_at", "<=", now)
    .orderBy("over_at")
    .limit(Math.max(0, limit))
    .execute();
  for (const { mesh, commitment } of over) {
    await dropRows(db, mesh, { commitment });
    await db
      .updateTable("key_begun")
      .set({ over_at: Number.MAX_SAFE_INTEGER })
      .where("mesh", "=", mesh)
      .where("commitment", "=", commitment)
      .execute();
  }
  const left = await db
    .selectFrom("key_offered")
    .select(["mesh", "commitment", "author"])
    .where("at", "<", offeredBefore)
    .orderBy("at")
    .limit(Math.max(0, limit - over.length))
    .execute();
  for (const { mesh, ...offer } of left) {
    await dropRows(db, mesh, offer);
    await dropOffer(db, mesh, offer);
  }
  return over.length + left.length;
}

/** Notes that a member lacks keys. */
export async function addKeyWants(
  db: Kysely<Schema>,
  mesh: number,
  wants: {
    readonly member: MemberId;
    readonly commitments: readonly Hash[];
    readonly at: number;
  },
): Promise<void> {
  const { member, at } = wants;
  await db
    .insertInto("key_want")
    .values(wants.commitments.map((commitment) => ({ mesh, member, commitment, at })))
    .onConflict((conflict) =>
      conflict.columns(["mesh", "member", "commitment"]).doUpdateSet({ at }),
    )
    .execute();
}

export async function dropKeyWant(
  db: Kysely<Schema>,
  mesh: number,
  { member, commitment }: { readonly member: MemberId; readonly commitment: Hash },
): Promise<void> {
  await db
    .deleteFrom("key_want")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("commitment", "=", commitment)
    .execute();
}

/** Who waits for which key, at most `limit`. */
export const listKeyWants = (
  db: Kysely<Schema>,
  mesh: number,
  limit: number,
): Promise<{ member: MemberId; commitment: Hash }[]> =>
  db
    .selectFrom("key_want")
    .select(["member", "commitment"])
    .where("mesh", "=", mesh)
    .limit(Math.max(0, limit))
    .execute();
