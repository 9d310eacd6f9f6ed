import { audienceOf, type Mention, type TopicId, topicOf } from "@claudemesh/protocol";
import type pg from "pg";
import type { MessageAppend, MessageOutcome } from "../port.ts";
import type { MeshHead } from "../writing/log-appender.ts";
import type { PostgresLog } from "./log.ts";

interface Known {
  readonly id: string;
  readonly sender: string;
  readonly digest: string;
  readonly seq: number;
  readonly at: number;
}

const nameOf = ({ id, sender }: Pick<Known, "id" | "sender">) => `${id} ${sender}`;

/**
 * Appends a run of messages of one mesh, in order, with as few statements as one message would take. A known id answers as it did the first time, before
 * anything else is looked at; only what is new is checked and numbered.
 */
export async function appendMessages(
  client: pg.ClientBase,
  log: PostgresLog,
  mesh: MeshHead,
  inputs: readonly MessageAppend[],
): Promise<MessageOutcome[]> {
  const known = await knownIds(client, mesh.no, inputs);
  const barriers = await topicBarriers(client, mesh.no, inputs);
  const outcomes: MessageOutcome[] = [];
  for (const input of inputs) {
    const { sender, digest, rosterSeq, at } = input;
    const before = known.get(nameOf(input));
    if (before !== undefined) {
      outcomes.push(
        before.digest === digest
          ? { result: "accepted", seq: before.seq, at: before.at, repeated: true }
          : { result: "conflict" },
      );
      continue;
    }
    const topic = topicOf(input.audience);
    const own = topic === undefined ? 0 : (barriers.get(topic) ?? 0);
    const barrier = Math.max(mesh.barrierSeq, own);
    if (rosterSeq !== null && rosterSeq < barrier) {
      outcomes.push({ result: "stale", barrier });
      continue;
    }
    if (input.lease !== undefined && (await isFenced(client, mesh.no, input))) {
      outcomes.push({ result: "fenced" });
      continue;
    }
    const seq = log.remember(mesh, input, digest);
    known.set(nameOf(input), { id: input.id, sender, digest, seq, at });
    if (input.named !== undefined) await notify(client, mesh.no, input, seq);
    if (input.mentions !== undefined) await tellMentioned(client, log, mesh, input, seq);
    outcomes.push({ result: "accepted", seq, at, repeated: false });
  }
  return outcomes;
}

export const knownIdsSql = `SELECT id, sender, digest, seq, at FROM idempotency WHERE mesh = $1
  AND (id, sender) IN (SELECT * FROM unnest($2::text[], $3::text[]))`;

async function knownIds(
  client: pg.ClientBase,
  mesh: number,
  inputs: readonly MessageAppend[],
): Promise<Map<string, Known>> {
  const { rows } = await client.query<Known>({
    name: "lookUp",
    text: knownIdsSql,
    values: [mesh, inputs.map(({ id }) => id), inputs.map(({ sender }) => sender)],
  });
  return new Map(rows.map((row) => [nameOf(row), row]));
}

/** Of private topics, the roster seq below which a sender's roster is stale besides the mesh's own. */
async function topicBarriers(
  client: pg.ClientBase,
  mesh: number,
  inputs: readonly MessageAppend[],
): Promise<ReadonlyMap<TopicId, number>> {
  const topics = new Set(inputs.flatMap(({ audience }) => topicOf(audience) ?? []));
  if (topics.size === 0) return new Map();
  const { rows } = await client.query<{ topic: TopicId; seq: number }>(
    "SELECT topic, seq FROM topic_barrier WHERE mesh = $1 AND topic = ANY($2)",
    [mesh, [...topics]],
  );
  return new Map(rows.map(({ topic, seq }) => [topic, seq]));
}

/** Whether another session has the thread by now, or the token was never given. */
async function isFenced(
  client: pg.ClientBase,
  mesh: number,
  { sender, lease }: MessageAppend,
): Promise<boolean> {
  const { rows } = await client.query<{ token: number }>(
    "SELECT token FROM lease WHERE mesh = $1 AND member = $2 AND thread = $3",
    [mesh, sender, lease?.thread],
  );
  return rows[0]?.token !== lease?.token;
}

/** Each that a message to many names has a notification of it. */
async function notify(
  client: pg.ClientBase,
  mesh: number,
  { expiresAt, named = [] }: MessageAppend,
  seq: number,
): Promise<void> {
  await client.query(
    `INSERT INTO notification (mesh, member, seq, expires_at)
      SELECT $1, member, $2, $3 FROM unnest($4::text[]) AS member`,
    [mesh, seq, expiresAt, named],
  );
}

/** Who is in the topic has the post itself. */
async function tellMentioned(
  client: pg.ClientBase,
  log: PostgresLog,
  mesh: MeshHead,
  { id, sender, at, expiresAt, mentions }: MessageAppend,
  seq: number,
): Promise<void> {
  if (mentions === undefined) return;
  const { topic, members } = mentions;
  const { rows } = await client.query<{ member: string }>(
    "SELECT member FROM topic_member WHERE mesh = $1 AND topic = $2 AND member = ANY($3)",
    [mesh.no, topic, members],
  );
  const inside = new Set(rows.map(({ member }) => member));
  const body = JSON.stringify({ topic, seq } satisfies Mention);
  for (const member of members) {
    if (inside.has(member)) continue;
    const audience = audienceOf(member);
    log.append(mesh, { id, kind: "mention", sender, audience, at, expiresAt, body });
  }
}
