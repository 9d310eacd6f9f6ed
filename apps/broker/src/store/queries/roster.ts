import type { RosterEntry, RosterHead } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { RosterAppend } from "../port.ts";
import type { Schema } from "../schema.ts";

/** The last entry of a mesh's roster, and whether an owner has yet to confirm it after a restore. */
export async function rosterTail(
  db: Kysely<Schema>,
  mesh: number,
): Promise<{ readonly head: RosterHead; readonly isUnconfirmed: boolean }> {
  const row = await db
    .selectFrom("mesh")
    .select(["roster_seq", "roster_hash", "unconfirmed"])
    .where("no", "=", mesh)
    .executeTakeFirstOrThrow();
  const head = { seq: row.roster_seq, hash: row.roster_hash };
  return { head, isUnconfirmed: row.unconfirmed !== 0 };
}

/** Makes an entry the tail; a barrier also makes older heads stale. */
export async function moveTail(
  db: Kysely<Schema>,
  mesh: number,
  { entry, hash, barrier, restored }: Pick<RosterAppend, "barrier" | "entry" | "hash" | "restored">,
): Promise<void> {
  await db
    .updateTable("mesh")
    .set({
      roster_seq: entry.seq,
      roster_hash: hash,
      ...(barrier ? { barrier_seq: entry.seq } : {}),
      ...(restored === "confirms" ? { unconfirmed: 0 } : {}),
    })
    .where("no", "=", mesh)
    .execute();
}

export async function insertRosterEntry(db: Kysely<Schema>, row: Schema["roster"]): Promise<void> {
  await db.insertInto("roster").values(row).execute();
}

/** Entries above `after` in chain order, at most `limit`. */
export async function listRoster(
  db: Kysely<Schema>,
  mesh: number,
  after: number,
  limit: number,
): Promise<RosterEntry[]> {
  const rows = await db
    .selectFrom("roster")
    .select("entry")
    .where("mesh", "=", mesh)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(Math.max(0, limit))
    .execute();
  return rows.map((row) => JSON.parse(row.entry) as RosterEntry);
}

export async function findRosterLogSeq(
  db: Kysely<Schema>,
  mesh: number,
  seq: number,
): Promise<number | undefined> {
  const row = await db
    .selectFrom("roster")
    .select("log_seq")
    .where("mesh", "=", mesh)
    .where("seq", "=", seq)
    .executeTakeFirst();
  return row?.log_seq;
}
