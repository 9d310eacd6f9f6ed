import type { JobId, MemberId, MeshId } from "@claudemesh/protocol";
import type { Kysely } from "kysely";
import type { JobKind, JobLane, JobRow, JobSettle } from "../jobs-port.ts";
import type { Schema } from "../schema.ts";

type Row = Schema["job"] & { readonly meshId: MeshId };

const asJob = (row: Row): JobRow => ({
  mesh: row.meshId,
  id: row.id,
  kind: row.kind,
  author: row.author,
  spec: row.spec,
  secret: row.secret,
  state: row.state,
  createdAt: row.created_at,
  lane: row.lane,
  dueAt: row.due_at,
  plannedAt: row.planned_at,
  fails: row.fails,
  stopped: row.stopped,
});

const rows = (db: Kysely<Schema>) =>
  db
    .selectFrom("job")
    .innerJoin("mesh", "mesh.no", "job.mesh")
    .selectAll("job")
    .select("mesh.id as meshId");

export async function listJobs(
  db: Kysely<Schema>,
  mesh: number,
  { kind, author }: { readonly kind: JobKind; readonly author?: MemberId | undefined },
): Promise<JobRow[]> {
  const all = rows(db).where("job.mesh", "=", mesh).where("job.kind", "=", kind);
  const found = await (author === undefined ? all : all.where("job.author", "=", author)).execute();
  return found.map(asJob).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

export async function findJob(db: Kysely<Schema>, id: JobId): Promise<JobRow | undefined> {
  const row = await rows(db).where("job.id", "=", id).executeTakeFirst();
  return row && asJob(row);
}

export async function listDueJobs(
  db: Kysely<Schema>,
  { lane, by, limit }: { readonly lane: JobLane; readonly by: number; readonly limit: number },
): Promise<JobRow[]> {
  const found = await rows(db)
    .where("job.lane", "=", lane)
    .where("job.due_at", "is not", null)
    .where("job.due_at", "<=", by)
    .orderBy("job.due_at")
    .limit(limit)
    .execute();
  return found.map(asJob);
}

export async function findNextDue(db: Kysely<Schema>, lane: JobLane): Promise<number | undefined> {
  const row = await db
    .selectFrom("job")
    .select("due_at")
    .where("lane", "=", lane)
    .where("due_at", "is not", null)
    .orderBy("due_at")
    .limit(1)
    .executeTakeFirst();
  return row?.due_at ?? undefined;
}

/** Keeps a job unless its id is in use or there are as many of its kind as there may be. */
export async function insertJob(
  db: Kysely<Schema>,
  mesh: number,
  job: JobRow & { readonly most: number },
): Promise<"kept" | "taken" | "full"> {
  const { count } = await db
    .selectFrom("job")
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .where("mesh", "=", mesh)
    .where("kind", "=", job.kind)
    .executeTakeFirstOrThrow();
  const known = await db.selectFrom("job").select("id").where("id", "=", job.id).executeTakeFirst();
  if (known !== undefined) return "taken";
  if (Number(count) >= job.most) return "full";
  await db
    .insertInto("job")
    .values({
      mesh,
      id: job.id,
      kind: job.kind,
      author: job.author,
      spec: job.spec,
      secret: job.secret,
      state: job.state,
      created_at: job.createdAt,
      lane: job.lane,
      due_at: job.dueAt,
      planned_at: job.plannedAt,
      fails: job.fails,
      stopped: job.stopped,
    })
    .execute();
  return "kept";
}

/** Moves a job on, or takes it away, if it is due when the caller found it to be. */
export async function moveJob(
  db: Kysely<Schema>,
  mesh: number,
  { id, dueAt, was, next }: JobSettle,
): Promise<boolean> {
  if (next === null) {
    const there = db
      .deleteFrom("job")
      .where("mesh", "=", mesh)
      .where("id", "=", id)
      .where("due_at", dueAt === null ? "is" : "=", dueAt);
    const gone = await (was === undefined
      ? there
      : there.where("state", "=", was)
    ).executeTakeFirst();
    return Number(gone.numDeletedRows) > 0;
  }
  const { fails, plannedAt, spec, state, stopped } = next;
  const there = db
    .updateTable("job")
    .set({
      due_at: next.dueAt,
      ...(plannedAt === undefined ? {} : { planned_at: plannedAt }),
      ...(spec === undefined ? {} : { spec }),
      ...(state === undefined ? {} : { state }),
      ...(fails === undefined ? {} : { fails }),
      ...(stopped === undefined ? {} : { stopped }),
    })
    .where("mesh", "=", mesh)
    .where("id", "=", id)
    .where("due_at", dueAt === null ? "is" : "=", dueAt);
  const moved = await (was === undefined
    ? there
    : there.where("state", "=", was)
  ).executeTakeFirst();
  return Number(moved.numUpdatedRows) > 0;
}

export async function dropJob(
  db: Kysely<Schema>,
  mesh: number,
  { id, kind, author }: { id: JobId; kind: JobKind; author?: MemberId },
): Promise<boolean> {
  const own = db
    .deleteFrom("job")
    .where("mesh", "=", mesh)
    .where("id", "=", id)
    .where("kind", "=", kind);
  const gone = await (author === undefined
    ? own
    : own.where("author", "=", author)
  ).executeTakeFirst();
  return Number(gone.numDeletedRows) > 0;
}

/** Who is in the mesh no more has nothing done for it; a clock is everyone's. */
export async function dropJobsOf(
  db: Kysely<Schema>,
  mesh: number,
  author: MemberId,
): Promise<void> {
  await db
    .deleteFrom("job")
    .where("mesh", "=", mesh)
    .where("author", "=", author)
    .where("kind", "<>", "clock")
    .execute();
}
