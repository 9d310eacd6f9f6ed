import {
  type Audience,
  audienceOfTopic,
  type Hash,
  type MemberId,
  type Topic,
  type TopicId,
} from "@claudemesh/protocol";
import { type Kysely, sql } from "kysely";
import type { Schema } from "../schema.ts";
import type { TopicPlace, TopicPost, TopicRow } from "../topics-port.ts";

type Of = { readonly topic: TopicId };

export async function findTopic(
  db: Kysely<Schema>,
  mesh: number,
  topic: TopicId,
): Promise<TopicRow | undefined> {
  const row = await db
    .selectFrom("topic")
    .select(["statement", "hash", "ended_at"])
    .where("mesh", "=", mesh)
    .where("topic", "=", topic)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const statement = JSON.parse(row.statement) as Topic;
  return { statement, hash: row.hash, endedAt: row.ended_at };
}

/** How many deleted topics are listed, the latest: who was away learns by their signed ends that names are free. */
const endedListed = 200;

/** The deleted topics, as far as they are told, then those that there are, oldest first. */
export async function listTopics(db: Kysely<Schema>, mesh: number): Promise<Topic[]> {
  const topics = db.selectFrom("topic").select("statement").where("mesh", "=", mesh);
  const [ended, live] = await Promise.all([
    topics
      .where("ended_at", "is not", null)
      .orderBy("ended_at", "desc")
      .limit(endedListed)
      .execute(),
    topics.where("ended_at", "is", null).orderBy("created_at").orderBy("topic").execute(),
  ]);
  return [...ended, ...live].map((row) => JSON.parse(row.statement) as Topic);
}

export const isNameTaken = async (
  db: Kysely<Schema>,
  mesh: number,
  name: string,
): Promise<boolean> =>
  (await db
    .selectFrom("topic")
    .select("topic")
    .where("mesh", "=", mesh)
    .where("name", "=", name)
    // literals, since the index holds these only
    .where("visibility", "=", sql.lit("public"))
    .where("ended_at", "is", null)
    .executeTakeFirst()) !== undefined;

export async function countTopics(db: Kysely<Schema>, mesh: number): Promise<number> {
  const row = await db
    .selectFrom("topic")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("mesh", "=", mesh)
    .where("ended_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function upsertTopic(
  db: Kysely<Schema>,
  mesh: number,
  { statement, hash, at }: { readonly statement: Topic; readonly hash: Hash; readonly at: number },
): Promise<void> {
  const { ended, name, topic, visibility } = statement;
  const now = { hash, statement: JSON.stringify(statement), ended_at: ended ? at : null };
  await db
    .insertInto("topic")
    .values({ mesh, topic, name, visibility, created_at: at, ...now })
    .onConflict((conflict) => conflict.columns(["mesh", "topic"]).doUpdateSet(now))
    .execute();
}

export async function putTopicMember(
  db: Kysely<Schema>,
  mesh: number,
  {
    topic,
    member,
    role,
  }: Of & { readonly member: MemberId; readonly role: Schema["topic_member"]["role"] },
): Promise<void> {
  await db
    .insertInto("topic_member")
    .values({ mesh, topic, member, role })
    .onConflict((conflict) => conflict.columns(["mesh", "topic", "member"]).doUpdateSet({ role }))
    .execute();
}

/** Takes a member out of a public topic; what it has read stays known. */
export async function dropTopicMember(
  db: Kysely<Schema>,
  mesh: number,
  { topic, member }: Of & { readonly member: MemberId },
): Promise<void> {
  await db
    .deleteFrom("topic_member")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .where("topic", "=", topic)
    .execute();
}

/** Takes a removed member out of every public topic, and remembers which they were. */
export async function leaveTopics(
  db: Kysely<Schema>,
  mesh: number,
  member: MemberId,
): Promise<void> {
  await takeLeftTopics(db, mesh, member);
  await db
    .insertInto("topic_left")
    .columns(["mesh", "member", "topic", "role"])
    .expression(
      db
        .selectFrom("topic_member")
        .select(["mesh", "member", "topic", "role"])
        .where("mesh", "=", mesh)
        .where("member", "=", member),
    )
    .execute();
  await db
    .deleteFrom("topic_member")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .execute();
}

/** The public topics that a member was in when it was removed; asked once. */
export const takeLeftTopics = (db: Kysely<Schema>, mesh: number, member: MemberId) =>
  db
    .deleteFrom("topic_left")
    .where("mesh", "=", mesh)
    .where("member", "=", member)
    .returning(["topic", "role"])
    .execute();

export async function countTopicMembers(
  db: Kysely<Schema>,
  mesh: number,
  topic: TopicId,
): Promise<number> {
  const row = await db
    .selectFrom("topic_member")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("mesh", "=", mesh)
    .where("topic", "=", topic)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export const listTopicMembers = (db: Kysely<Schema>, mesh: number, topic: TopicId) =>
  db
    .selectFrom("topic_member")
    .select(["member", "role"])
    .where("mesh", "=", mesh)
    .where("topic", "=", topic)
    .orderBy("member")
    .execute();

export async function findTopicRole(
  db: Kysely<Schema>,
  mesh: number,
  { topic, member }: Of & { readonly member: MemberId },
) {
  const row = await db
    .selectFrom("topic_member")
    .select("role")
    .where("mesh", "=", mesh)
    .where("topic", "=", topic)
    .where("member", "=", member)
    .executeTakeFirst();
  return row?.role;
}

/** What the public topics are to a member, by topic: its role, how many are in them; and how far it has read each topic. */
export async function listTopicPlaces(
  db: Kysely<Schema>,
  mesh: number,
  member: MemberId,
): Promise<ReadonlyMap<TopicId, TopicPlace>> {
  const [counts, own, read] = await Promise.all([
    db
      .selectFrom("topic_member")
      .select(["topic", ({ fn }) => fn.countAll<number>().as("count")])
      .where("mesh", "=", mesh)
      .groupBy("topic")
      .execute(),
    db
      .selectFrom("topic_member")
      .select(["topic", "role"])
      .where("mesh", "=", mesh)
      .where("member", "=", member)
      .execute(),
    db
      .selectFrom("topic_read")
      .select(["topic", "seq"])
      .where("mesh", "=", mesh)
      .where("member", "=", member)
      .execute(),
  ]);
  const roles = new Map(own.map(({ topic, role }) => [topic, role]));
  const members = new Map(counts.map(({ topic, count }) => [topic, Number(count)]));
  const readSeqs = new Map(read.map(({ topic, seq }) => [topic, seq]));
  const topics = new Set([...members.keys(), ...readSeqs.keys()]);
  return new Map(
    [...topics].map((topic) => {
      const role = roles.get(topic);
      const place = { members: members.get(topic) ?? 0, readSeq: readSeqs.get(topic) ?? 0 };
      return [topic, role === undefined ? place : { ...place, role }];
    }),
  );
}

/** Moves a read marker forward, and answers where it stands. */
export async function moveReadMarker(
  db: Kysely<Schema>,
  mesh: number,
  { topic, member, seq }: Of & { readonly member: MemberId; readonly seq: number },
): Promise<number> {
  const row = await db
    .insertInto("topic_read")
    .values({ mesh, member, topic, seq })
    .onConflict((conflict) =>
      conflict.columns(["mesh", "member", "topic"]).doUpdateSet((eb) => ({
        seq: eb
          .case()
          .when("topic_read.seq", "<", eb.ref("excluded.seq"))
          .then(eb.ref("excluded.seq"))
          .else(eb.ref("topic_read.seq"))
          .end(),
      })),
    )
    .returning("seq")
    .executeTakeFirstOrThrow();
  return row.seq;
}

/** Posts of a topic between two places of the log, both left out, newest first. */
export async function listPosts(
  db: Kysely<Schema>,
  mesh: number,
  query: Of & { readonly after: number; readonly before: number; readonly limit: number },
): Promise<TopicPost[]> {
  const key: Audience = audienceOfTopic(query.topic);
  const audience = await db
    .selectFrom("audience")
    .select("no")
    .where("mesh", "=", mesh)
    .where("key", "=", key)
    .executeTakeFirst();
  if (audience === undefined) return [];
  const rows = await db
    .selectFrom("log")
    .select(["seq", "id", "kind", "at", "body"])
    .where("mesh", "=", mesh)
    .where("audience", "=", audience.no)
    .where("seq", ">", query.after)
    .where("seq", "<", query.before)
    .where("body", "is not", null)
    .where("kind", "in", ["message", "plain"])
    .orderBy("seq", "desc")
    .limit(query.limit)
    .execute();
  return rows.map(({ body, kind, ...row }) => ({
    ...row,
    kind: kind === "plain" ? "plain" : "message",
    body: body ?? "",
  }));
}
