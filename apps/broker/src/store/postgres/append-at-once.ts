import { topicOf } from "@claudemesh/protocol";
import type pg from "pg";
import type { LogEntry, MessageAppend, MessageOutcome } from "../port.ts";
import type { AudienceNumbers } from "./audience-numbers.ts";

/** Name of the statement, which is a transaction by itself. */
export const atOnce = "atOnce";

/**
 * Numbers and writes messages in one statement, under the lock of the mesh's row like every append. Where the senders' rosters are older than the last barrier, or an id is known, it
 * writes nothing. Ids are looked up one by one, whatever the planner thinks of the table. One that another node appends at the same time is not seen, and collides with the unique index: then nothing is written either.
 */
export const atOnceSql = `WITH head AS MATERIALIZED (
    SELECT no, head_seq FROM mesh WHERE no = $1::bigint AND barrier_seq <= $2::bigint FOR UPDATE),
  fits AS MATERIALIZED (
    SELECT no, head_seq FROM head WHERE NOT EXISTS (
      SELECT FROM unnest($3::text[], $4::text[]) AS asked (id, sender) CROSS JOIN LATERAL (
        SELECT FROM idempotency WHERE mesh = $1::bigint AND id = asked.id AND sender = asked.sender LIMIT 1) AS known)),
  entry AS MATERIALIZED (
    SELECT head_seq + place AS seq, asked.* FROM fits CROSS JOIN
      unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
        WITH ORDINALITY AS asked (id, sender, kind, audience, at, expires_at, body, digest, place)),
  appended AS (INSERT INTO log (mesh, seq, id, kind, sender, audience, at, expires_at, body)
    SELECT $1::bigint, seq, id, kind, sender, audience, at, expires_at, body FROM entry),
  remembered AS (INSERT INTO idempotency (mesh, id, sender, digest, seq, at)
    SELECT $1::bigint, id, sender, digest, seq, at FROM entry),
  moved AS (INSERT INTO mesh_moved (mesh, moved) SELECT no, pg_current_xact_id()::text::bigint FROM fits
    ON CONFLICT (mesh) DO UPDATE SET moved = EXCLUDED.moved)
  UPDATE mesh SET head_seq = fits.head_seq + cardinality($3::text[]) FROM fits WHERE mesh.no = fits.no RETURNING fits.head_seq AS head`;

/** Messages that are taken or refused by their roster and id alone: they hold to no lease, name nobody, and go to no topic, which may have a barrier of its own. */
const isPlain = ({ audience, lease, mentions, named }: MessageAppend): boolean =>
  lease === undefined &&
  mentions === undefined &&
  named === undefined &&
  topicOf(audience) === undefined;

interface AppendedAtOnce {
  readonly outcomes: readonly MessageOutcome[];
  readonly appended: readonly LogEntry[];
}

/**
 * Appends messages of one mesh by one statement, which is what most commits are. Undefined, with nothing written, where one of them asks for more: a lease, a topic, a repeat, an audience
 * that is not known. Answers after the commit is on stable storage; throws when the database fails.
 */
export async function appendAtOnce(
  client: pg.ClientBase,
  numbers: AudienceNumbers,
  inputs: readonly MessageAppend[],
): Promise<AppendedAtOnce | undefined> {
  if (!inputs.every(isPlain)) return undefined;
  const known = numbers.known(inputs.map(({ audience }) => audience));
  const names = new Set(inputs.map(({ id, sender }) => `${id} ${sender}`));
  if (known === undefined || names.size < inputs.length) return undefined;
  const head = await write(client, known.mesh, known.audiences, inputs);
  if (head === undefined) return undefined;
  const appended = inputs.map(({ id, audience, kind, sender, at, body }, place) => ({
    ...{ seq: head + 1 + place, id, audience, kind, sender, at, body },
  }));
  const outcomes = appended.map(
    ({ seq, at }): MessageOutcome => ({ result: "accepted", seq, at, repeated: false }),
  );
  return { outcomes, appended };
}

/** The last seq before them. */
async function write(
  client: pg.ClientBase,
  mesh: number,
  audiences: readonly number[],
  inputs: readonly MessageAppend[],
): Promise<number | undefined> {
  const oldest = inputs.reduce(
    (least, { rosterSeq }) => Math.min(least, rosterSeq ?? least),
    Number.MAX_SAFE_INTEGER,
  );
  try {
    const { rows } = await client.query<{ head: number }>({
      name: atOnce,
      text: atOnceSql,
      values: [
        mesh,
        oldest,
        inputs.map(({ id }) => id),
        inputs.map(({ sender }) => sender),
        inputs.map(({ kind }) => kind),
        audiences,
        inputs.map(({ at }) => at),
        inputs.map(({ expiresAt }) => expiresAt),
        inputs.map(({ body }) => body),
        inputs.map(({ digest }) => digest),
      ],
    });
    return rows[0]?.head;
  } catch (error) {
    if (isTaken(error)) return undefined;
    throw error;
  }
}

/** A unique index has the id, by an append that was under way when this one began. */
const isTaken = (error: unknown): boolean => (error as { code?: unknown }).code === "23505";
