import type { SessionId } from "@claudemesh/protocol";
import { type Kysely, sql } from "kysely";
import type { LeaseClaim, LeaseOutcome } from "../port.ts";
import type { Schema } from "../schema.ts";

/** Gives a thread's lease to who asks, unless another session holds it at `at`. */
export async function takeLease(
  db: Kysely<Schema>,
  mesh: number,
  claim: LeaseClaim,
): Promise<LeaseOutcome> {
  const { member, thread, device, session, at, until } = claim;
  const held = await db
    .selectFrom("lease")
    .select(["token", "device", "session", "until"])
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("thread", "=", thread)
    .executeTakeFirst();
  const isOwn = held?.session === session;
  if (held !== undefined && !isOwn && held.until > at) {
    const holder = { device: held.device, session: held.session };
    return { granted: false, token: held.token, until: held.until, holder };
  }
  const token = isOwn && held !== undefined ? held.token : await nextToken(db, mesh);
  await db
    .insertInto("lease")
    .values({ mesh, member, thread, token, device, session, until })
    .onConflict((conflict) =>
      conflict.columns(["mesh", "member", "thread"]).doUpdateSet({ token, device, session, until }),
    )
    .execute();
  return { granted: true, token, until, holder: { device, session } };
}

async function nextToken(db: Kysely<Schema>, mesh: number): Promise<number> {
  const row = await db
    .selectFrom("lease")
    .select("token")
    .where("mesh", "=", mesh)
    .orderBy("token", "desc")
    .limit(1)
    .executeTakeFirst();
  return (row?.token ?? 0) + 1;
}

/** Ends the leases of a session that are not over at `at`; answers how many. */
export async function endLeases(
  db: Kysely<Schema>,
  mesh: number,
  { session, at }: { readonly session: SessionId; readonly at: number },
): Promise<number> {
  const result = await db
    .updateTable("lease")
    .set({ until: at })
    .where("mesh", "=", mesh)
    .where("session", "=", session)
    .where("until", ">", at)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Forgets leases over before `before`, but the one with each mesh's highest token, from which the next is counted; answers how many. */
export async function deleteLeases(
  db: Kysely<Schema>,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const result = await db
    .deleteFrom("lease")
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("mesh", "token"),
        "in",
        selectFrom("lease as old")
          .select(["old.mesh", "old.token"])
          .where("old.until", "<", before)
          .where(
            "old.token",
            "<",
            sql<number>`(SELECT max(newest.token) FROM lease AS newest WHERE newest.mesh = old.mesh)`,
          )
          .orderBy("old.until")
          .limit(Math.max(0, limit))
          .$asTuple("mesh", "token"),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
