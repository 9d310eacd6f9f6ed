import type { Attestation, DeviceId, MemberId, SessionId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { SessionPut, SessionRow } from "../port.ts";
import type { Schema } from "../schema.ts";

/** Keeps a session with its newest attestation; answers how often it was attached, undefined when its id belongs to another device or to other keys. */
export async function upsertSession(
  db: Kysely<Schema>,
  mesh: number,
  { attestation, key, at }: SessionPut,
): Promise<number | undefined> {
  const { session, member, device, notAfter } = attestation;
  const kept = await db
    .insertInto("session")
    .values({
      mesh,
      session,
      member,
      device,
      key,
      attestation: JSON.stringify(attestation),
      not_after: notAfter,
      attached_at: at,
      ended_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["mesh", "session"])
        .doUpdateSet((eb) => ({
          attestation: eb.ref("excluded.attestation"),
          not_after: eb.ref("excluded.not_after"),
          attached_at: at,
          attaches: eb("session.attaches", "+", 1),
          ended_at: null,
        }))
        .where("session.member", "=", member)
        .where("session.device", "=", device)
        .where("session.key", "=", key),
    )
    .returning("attaches")
    .executeTakeFirst();
  return kept?.attaches;
}

/** Marks a session as ended; false when it is unknown or had ended. */
export async function markEnded(
  db: Kysely<Schema>,
  mesh: number,
  { session, at }: { readonly session: SessionId; readonly at: number },
): Promise<boolean> {
  const result = await db
    .updateTable("session")
    .set({ ended_at: at })
    .where("mesh", "=", mesh)
    .where("session", "=", session)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

const shown = ["attestation", "attached_at", "ended_at"] as const;

interface Stored {
  readonly attestation: string;
  readonly attached_at: number;
  readonly ended_at: number | null;
}

const rowOf = ({ attestation, attached_at, ended_at }: Stored): SessionRow => ({
  attestation: JSON.parse(attestation) as Attestation,
  attachedAt: attached_at,
  endedAt: ended_at,
});

export async function findSession(
  db: Kysely<Schema>,
  mesh: number,
  session: SessionId,
): Promise<SessionRow | undefined> {
  const row = await db
    .selectFrom("session")
    .select(shown)
    .where("mesh", "=", mesh)
    .where("session", "=", session)
    .executeTakeFirst();
  return row && rowOf(row);
}

/** The sessions that a device has had. */
export async function listSessionsOf(
  db: Kysely<Schema>,
  mesh: number,
  { member, device }: { readonly member: MemberId; readonly device: DeviceId },
): Promise<SessionId[]> {
  const rows = await db
    .selectFrom("session")
    .select("session")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("device", "=", device)
    .execute();
  return rows.map(({ session }) => session);
}

/** Sessions by the first hex digits of their signing key. */
export async function listSessionsByKey(
  db: Kysely<Schema>,
  mesh: number,
  { key, at, limit }: { readonly key: string; readonly at: number; readonly limit: number },
): Promise<SessionRow[]> {
  const rows = await db
    .selectFrom("session")
    .select(shown)
    .where("mesh", "=", mesh)
    .where("key", ">=", key)
    // "g" comes after every hex digit
    .where("key", "<", `${key}g`)
    .where("not_after", ">", at)
    .orderBy("key")
    .limit(Math.max(0, limit))
    .execute();
  return rows.map(rowOf);
}

/** Forgets sessions whose attestation ended before `before`, the oldest first; answers how many. */
export async function deleteSessions(
  db: Kysely<Schema>,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const result = await db
    .deleteFrom("session")
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("mesh", "session"),
        "in",
        selectFrom("session as old")
          .select(["old.mesh", "old.session"])
          .where("old.not_after", "<", before)
          .orderBy("old.not_after")
          .limit(Math.max(0, limit))
          .$asTuple("mesh", "session"),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
