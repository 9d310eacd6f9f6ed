import type { InviteId, MeshId, WelcomeBlob } from "@claudemesh/protocol";
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

/** Sets or clears an invite's welcome blob; false when the mesh has no such invite. */
export async function setWelcome(
  db: Kysely<Schema>,
  mesh: number,
  invite: InviteId,
  { blob, at }: { readonly blob: WelcomeBlob | null; readonly at: number },
): Promise<boolean> {
  const result = await db
    .updateTable("invite")
    .set({ blob, updated_at: at })
    .where("id", "=", invite)
    .where("mesh", "=", mesh)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function findInvite(
  db: Kysely<Schema>,
  invite: InviteId,
): Promise<{ mesh: MeshId; blob: WelcomeBlob | null } | undefined> {
  return await db
    .selectFrom("invite")
    .innerJoin("mesh", "mesh.no", "invite.mesh")
    .select(["mesh.id as mesh", "invite.blob"])
    .where("invite.id", "=", invite)
    .executeTakeFirst();
}
