import type { MemberId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { NotificationQuery, NotificationRow } from "../notifications-port.ts";
import type { Schema } from "../schema.ts";

/** What names a member and still has its contents, newest first. */
export async function listNotifications(
  db: Kysely<Schema>,
  mesh: number,
  { before, id, limit, member, since, unread }: NotificationQuery,
): Promise<NotificationRow[]> {
  let found = db
    .selectFrom("notification as n")
    .innerJoin("log as l", (join) =>
      join.onRef("l.mesh", "=", "n.mesh").onRef("l.seq", "=", "n.seq"),
    )
    .innerJoin("audience as a", "a.no", "l.audience")
    .select([
      "l.seq",
      "l.id",
      "l.kind",
      "l.at",
      "l.body",
      "l.sender",
      "a.key as audience",
      "n.read_at as readAt",
    ])
    .where("n.mesh", "=", mesh)
    .where("n.member", "=", member)
    .where("n.seq", "<", before)
    .where("l.at", ">=", since)
    .where("l.body", "is not", null);
  if (unread) found = found.where("n.read_at", "is", null);
  if (id !== undefined) found = found.where("l.id", "=", id);
  const rows = await found.orderBy("n.seq", "desc").limit(limit).execute();
  return rows.map(({ body, kind, ...row }) => ({
    ...row,
    kind: kind === "plain" ? "plain" : "message",
    body: body ?? "",
  }));
}

/** Marks them as read; answers how many were not. */
export async function markNotifications(
  db: Kysely<Schema>,
  mesh: number,
  {
    at,
    member,
    seqs,
  }: { readonly member: MemberId; readonly seqs: readonly number[]; readonly at: number },
): Promise<number> {
  if (seqs.length === 0) return 0;
  const result = await db
    .updateTable("notification")
    .set({ read_at: at })
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("seq", "in", seqs)
    .where("read_at", "is", null)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Forgets those that are past their time, oldest first; answers how many. */
export async function deleteNotifications(
  db: Kysely<Schema>,
  { limit, now }: { readonly now: number; readonly limit: number },
): Promise<number> {
  const result = await db
    .deleteFrom("notification")
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("mesh", "member", "seq"),
        "in",
        selectFrom("notification as old")
          .select(["old.mesh", "old.member", "old.seq"])
          .where("old.expires_at", "<=", now)
          .orderBy("old.expires_at")
          .limit(Math.max(0, limit))
          .$asTuple("mesh", "member", "seq"),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
