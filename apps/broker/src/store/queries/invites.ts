import type { InviteId, InviterHeadBlob, MeshId, WelcomeBlob } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** Records an invite, with its welcome blob if it has come. An id that is known already stays with its first mesh, so that nobody can take an invite over. */
export async function addInvite(db: Kysely<Schema>, row: Schema["invite"]): Promise<void> {
  await db
    .insertInto("invite")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** Sets or clears what an invite gives; a head that is not named stays. False when the mesh has no such invite. */
export async function setWelcome(
  db: Kysely<Schema>,
  mesh: number,
  invite: InviteId,
  gives: { readonly blob: WelcomeBlob | null; readonly head?: InviterHeadBlob | null | undefined },
): Promise<boolean> {
  const result = await db
    .updateTable("invite")
    .set(gives.head === undefined ? { blob: gives.blob } : { blob: gives.blob, head: gives.head })
    .where("id", "=", invite)
    .where("mesh", "=", mesh)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Counts a join; the last one ends the invite at `at`. */
export async function countUse(
  db: Kysely<Schema>,
  mesh: number,
  { invite, at }: { readonly invite: InviteId; readonly at: number },
): Promise<void> {
  const own = db.updateTable("invite").where("id", "=", invite).where("mesh", "=", mesh);
  await own.set((eb) => ({ uses_left: eb("uses_left", "-", 1) })).execute();
  await own.set({ ends_at: at }).where("uses_left", "=", 0).where("ends_at", ">", at).execute();
}

/** Deletes the blobs of invites that ended before `before`, oldest first; answers how many. */
export async function deleteWelcomes(
  db: Kysely<Schema>,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const ended = db
    .selectFrom("invite")
    .select("id")
    .where("blob", "is not", null)
    .where("ends_at", "<", before)
    .orderBy("ends_at")
    .limit(Math.max(0, limit));
  const result = await db
    .updateTable("invite")
    .set({ blob: null, head: null })
    .where("id", "in", ended)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export async function findInvite(
  db: Kysely<Schema>,
  invite: InviteId,
): Promise<{ mesh: MeshId; blob: WelcomeBlob | null; head: InviterHeadBlob | null } | undefined> {
  return await db
    .selectFrom("invite")
    .innerJoin("mesh", "mesh.no", "invite.mesh")
    .select(["mesh.id as mesh", "invite.blob", "invite.head"])
    .where("invite.id", "=", invite)
    .executeTakeFirst();
}
