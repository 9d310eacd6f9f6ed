import { limits, type MemberId, type VaultEntry } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { VaultOutcome, VaultRow } from "../vault-port.ts";

interface OfMember {
  readonly member: MemberId;
  readonly key: string;
}

const rowOf = (row: { readonly entry: string; readonly created_at: number }): VaultRow => ({
  entry: JSON.parse(row.entry) as VaultEntry,
  createdAt: row.created_at,
});

export async function listVault(
  db: Kysely<Schema>,
  mesh: number,
  member: MemberId,
): Promise<VaultRow[]> {
  const rows = await db
    .selectFrom("vault")
    .select(["key", "entry", "created_at"])
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .execute();
  // By code point, whatever the database's collation is.
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1)).map(rowOf);
}

export async function findVaultEntry(
  db: Kysely<Schema>,
  mesh: number,
  { member, key }: OfMember,
): Promise<(VaultRow & { ciphertext: string }) | undefined> {
  const row = await db
    .selectFrom("vault")
    .select(["entry", "created_at", "ciphertext"])
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("key", "=", key)
    .executeTakeFirst();
  return row && { ...rowOf(row), ciphertext: row.ciphertext };
}

export async function keepVaultEntry(
  db: Kysely<Schema>,
  mesh: number,
  put: { readonly entry: VaultEntry; readonly ciphertext: string; readonly at: number },
): Promise<VaultOutcome> {
  const { entry, ciphertext, at } = put;
  const { member, key, version } = entry;
  const before = await findVaultEntry(db, mesh, { member, key });
  if (before?.entry.sig === entry.sig) return { result: "kept", createdAt: before.createdAt };
  if (version !== (before?.entry.version ?? 0) + 1) return { result: "conflict" };
  const next = { version, entry: JSON.stringify(entry), ciphertext };
  if (before !== undefined) {
    await db
      .updateTable("vault")
      .set(next)
      .where("mesh", "=", mesh)
      .where("member", "=", member)
      .where("key", "=", key)
      .execute();
    return { result: "kept", createdAt: before.createdAt };
  }
  if ((await listVault(db, mesh, member)).length >= limits.vaultEntries) return { result: "full" };
  await db
    .insertInto("vault")
    .values({ mesh, member, key, created_at: at, ...next })
    .execute();
  return { result: "kept", createdAt: at };
}

export async function dropVaultEntry(
  db: Kysely<Schema>,
  mesh: number,
  { member, key }: OfMember,
): Promise<boolean> {
  const gone = await db
    .deleteFrom("vault")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("key", "=", key)
    .executeTakeFirst();
  return Number(gone.numDeletedRows) > 0;
}
