import { limits } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { StreamRow } from "../stream-port.ts";

type Place = Pick<StreamRow, "name" | "topic">;

const rowOf = ({ name, topic, by_member: by, created_at: createdAt }: Schema["stream"]) => ({
  name,
  topic,
  by,
  createdAt,
});

export async function listStreams(db: Kysely<Schema>, mesh: number): Promise<StreamRow[]> {
  const rows = await db.selectFrom("stream").selectAll().where("mesh", "=", mesh).execute();
  const key = ({ name, topic }: Place) => `${name} ${topic}`;
  return rows.sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(rowOf);
}

export async function findStream(
  db: Kysely<Schema>,
  mesh: number,
  { name, topic }: Place,
): Promise<StreamRow | undefined> {
  const row = await db
    .selectFrom("stream")
    .selectAll()
    .where("mesh", "=", mesh)
    .where("name", "=", name)
    .where("topic", "=", topic)
    .executeTakeFirst();
  return row && rowOf(row);
}

export async function keepStream(
  db: Kysely<Schema>,
  mesh: number,
  { name, topic, by, createdAt }: StreamRow,
): Promise<"kept" | "exists" | "full"> {
  const all = await listStreams(db, mesh);
  if (all.some((one) => one.name === name && one.topic === topic)) return "exists";
  if (all.length >= limits.streams) return "full";
  const values = { mesh, name, topic, by_member: by, created_at: createdAt };
  await db.insertInto("stream").values(values).execute();
  return "kept";
}

export async function dropStream(
  db: Kysely<Schema>,
  mesh: number,
  { name, topic }: Place,
): Promise<boolean> {
  const gone = await db
    .deleteFrom("stream")
    .where("mesh", "=", mesh)
    .where("name", "=", name)
    .where("topic", "=", topic)
    .executeTakeFirst();
  return Number(gone.numDeletedRows) > 0;
}
