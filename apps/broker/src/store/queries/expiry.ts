import type { DeviceId, MemberId, MeshId, SessionId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

interface Due {
  readonly now: number;
  readonly limit: number;
  /** of all meshes where there is none */
  readonly mesh?: MeshId;
}

/** Contents whose time is over, oldest first. */
export async function dueEntries(db: Kysely<Schema>, { now, limit, mesh }: Due) {
  return await db
    .selectFrom("log")
    .innerJoin("mesh", "mesh.no", "log.mesh")
    .innerJoin("audience", "audience.no", "log.audience")
    .select(["log.mesh", "log.seq", "log.id", "log.kind", "log.sender"])
    .select(["mesh.id as meshId", "audience.key as audience"])
    .where("log.body", "is not", null)
    .where("log.expires_at", "<=", now)
    .$if(mesh !== undefined, (query) => query.where("mesh.id", "=", mesh as MeshId))
    .orderBy("log.expires_at")
    .limit(Math.max(0, limit))
    .execute();
}

/** Meshes with contents whose time is over, as far as the oldest `limit` entries tell. */
export async function dueMeshes(db: Kysely<Schema>, { now, limit }: Due): Promise<MeshId[]> {
  const oldest = db
    .selectFrom("log")
    .select("mesh")
    .where("body", "is not", null)
    .where("expires_at", "<=", now)
    .orderBy("expires_at")
    .limit(Math.max(0, limit));
  const rows = await db.selectFrom("mesh").select("id").where("no", "in", oldest).execute();
  return rows.map(({ id }) => id);
}

/** Whether a device of `member`, or that one, had the entry at `seq`: one that began before it and has acknowledged it. */
export async function wasStored(
  db: Kysely<Schema>,
  { mesh, seq, member, device }: { mesh: number; seq: number; member: MemberId; device?: DeviceId },
): Promise<boolean> {
  const rows = db
    .selectFrom("device")
    .select("device")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("start_seq", "<", seq)
    .where("cursor_seq", ">=", seq)
    .limit(1);
  const own = device === undefined ? rows : rows.where("device", "=", device);
  return (await own.executeTakeFirst()) !== undefined;
}

/** Who a session was of; undefined once it was forgotten. */
export const sessionOwner = (
  db: Kysely<Schema>,
  { mesh, session }: { readonly mesh: number; readonly session: SessionId },
): Promise<{ member: MemberId; device: DeviceId } | undefined> =>
  db
    .selectFrom("session")
    .select(["member", "device"])
    .where("mesh", "=", mesh)
    .where("session", "=", session)
    .executeTakeFirst();

/** Deletes one entry's contents; its place in the log stays. */
export async function deleteContents(
  db: Kysely<Schema>,
  { mesh, seq }: { readonly mesh: number; readonly seq: number },
  { at, expired }: { readonly at: number; readonly expired: boolean },
): Promise<void> {
  await db
    .updateTable("log")
    .set({ body: null, contents_deleted_at: at, expired: expired ? 1 : 0 })
    .where("mesh", "=", mesh)
    .where("seq", "=", seq)
    .execute();
}

/** Forgets idempotency keys older than `before`, oldest first; answers how many. */
export async function deleteKeys(
  db: Kysely<Schema>,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const result = await db
    .deleteFrom("idempotency")
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("mesh", "id", "sender"),
        "in",
        selectFrom("idempotency as old")
          .select(["old.mesh", "old.id", "old.sender"])
          .where("old.at", "<", before)
          .orderBy("old.at")
          .limit(Math.max(0, limit))
          .$asTuple("mesh", "id", "sender"),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
