import type { Hash, KeyBundleRow, MemberId, SignKey } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** Rows by different authors that are kept of one key for one recipient. */
const authorsMost = 8;

/** Keeps a row unless its author left one before, or many others did; answers whether it is new. */
export async function addKeyRow(
  db: Kysely<Schema>,
  mesh: number,
  row: KeyBundleRow,
): Promise<boolean> {
  const { author, commitment, recipient } = row;
  const known = await db
    .selectFrom("key_row")
    .select("author")
    .where("mesh", "=", mesh)
    .where("recipient", "=", recipient)
    .where("commitment", "=", commitment)
    .execute();
  if (known.length >= authorsMost || known.some((one) => one.author === author)) return false;
  const body = JSON.stringify(row);
  await db.insertInto("key_row").values({ mesh, recipient, commitment, author, body }).execute();
  return true;
}

/** Who has a row of a key. */
export async function keyRecipients(
  db: Kysely<Schema>,
  mesh: number,
  commitment: Hash,
): Promise<Set<MemberId>> {
  const rows = await db
    .selectFrom("key_row")
    .select("recipient")
    .where("mesh", "=", mesh)
    .where("commitment", "=", commitment)
    .execute();
  return new Set(rows.map(({ recipient }) => recipient));
}

/** A member's rows of these keys. */
export async function listKeyRows(
  db: Kysely<Schema>,
  mesh: number,
  { member, commitments }: { readonly member: MemberId; readonly commitments: readonly Hash[] },
): Promise<KeyBundleRow[]> {
  const rows = await db
    .selectFrom("key_row")
    .select("body")
    .where("mesh", "=", mesh)
    .where("recipient", "=", member)
    .where("commitment", "in", commitments)
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as KeyBundleRow);
}

/** Forgets what was sealed to a member, except the rows of one key. */
export async function dropRowsOf(
  db: Kysely<Schema>,
  mesh: number,
  { member, except }: { readonly member: MemberId; readonly except?: Hash | undefined },
): Promise<void> {
  const rows = db.deleteFrom("key_row").where("mesh", "=", mesh).where("recipient", "=", member);
  await (except === undefined ? rows : rows.where("commitment", "!=", except)).execute();
  await db.deleteFrom("key_want").where("mesh", "=", mesh).where("member", "=", member).execute();
}

/** Forgets the rows of a key, or of it those by one author. */
export async function dropRows(
  db: Kysely<Schema>,
  mesh: number,
  { commitment, author }: { readonly commitment: Hash; readonly author?: SignKey },
): Promise<void> {
  const rows = db
    .deleteFrom("key_row")
    .where("mesh", "=", mesh)
    .where("commitment", "=", commitment);
  await (author === undefined ? rows : rows.where("author", "=", author)).execute();
}
