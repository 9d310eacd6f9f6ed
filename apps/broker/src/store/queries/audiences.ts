import type { Audience, MemberId, TopicId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { AudienceMove, AudienceSpan } from "../port.ts";
import type { Schema } from "../schema.ts";

/** Moves a member in or out of an audience as of an entry of the log: it sees what comes after `seq`, or nothing after it. What is so already stays. */
export async function moveMember(
  db: Kysely<Schema>,
  mesh: number,
  { audience, enters, member }: AudienceMove,
  seq: number,
): Promise<void> {
  const open = db
    .selectFrom("audience_member")
    .select("from_seq")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("audience", "=", audience)
    .where("until_seq", "is", null);
  const isIn = (await open.executeTakeFirst()) !== undefined;
  if (isIn === enters) return;
  if (enters) {
    const row = { mesh, member, audience, from_seq: seq, until_seq: null };
    await db.insertInto("audience_member").values(row).execute();
    return;
  }
  await db
    .updateTable("audience_member")
    .set({ until_seq: seq })
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("audience", "=", audience)
    .where("until_seq", "is", null)
    .execute();
  await forgetPassed(db, mesh, member);
}

/** Spans that lie before the cursor of every device of the member show nobody anything any more. */
async function forgetPassed(db: Kysely<Schema>, mesh: number, member: MemberId): Promise<void> {
  await db
    .deleteFrom("audience_member")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("until_seq", "is not", null)
    .where("until_seq", "<=", ({ selectFrom }) =>
      selectFrom("device")
        .select(({ fn }) => fn.min<number>("cursor_seq").as("seq"))
        .where("mesh", "=", mesh)
        .where("member", "=", member),
    )
    .execute();
}

/** Where a member's view takes in groups and topics, as far as it reaches beyond `after`. */
export async function listSpans(
  db: Kysely<Schema>,
  mesh: number,
  { member, after }: { readonly member: MemberId; readonly after: number },
): Promise<AudienceSpan[]> {
  const rows = await db
    .selectFrom("audience_member")
    .select(["audience", "from_seq", "until_seq"])
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where((eb) => eb.or([eb("until_seq", "is", null), eb("until_seq", ">", after)]))
    .execute();
  return rows.map(({ audience, from_seq: from, until_seq: until }) => ({ audience, from, until }));
}

/** The audiences that a member is in now. */
export async function openAudiences(
  db: Kysely<Schema>,
  mesh: number,
  member: MemberId,
): Promise<Audience[]> {
  const rows = await db
    .selectFrom("audience_member")
    .select("audience")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("until_seq", "is", null)
    .execute();
  return rows.map(({ audience }) => audience);
}

/** Who is in an audience now, at most `limit`. */
export async function listBearers(
  db: Kysely<Schema>,
  mesh: number,
  audience: Audience,
  limit: number,
): Promise<MemberId[]> {
  const rows = await db
    .selectFrom("audience_member")
    .select("member")
    .where("mesh", "=", mesh)
    .where("audience", "=", audience)
    .where("until_seq", "is", null)
    .limit(Math.max(0, limit))
    .execute();
  return rows.map(({ member }) => member);
}

/** Notes the roster entry before which nothing is posted to a private topic any more. */
export async function barTopic(
  db: Kysely<Schema>,
  mesh: number,
  { topic, seq }: { readonly topic: TopicId; readonly seq: number },
): Promise<void> {
  await db
    .insertInto("topic_barrier")
    .values({ mesh, topic, seq })
    .onConflict((conflict) => conflict.columns(["mesh", "topic"]).doUpdateSet({ seq }))
    .execute();
}
