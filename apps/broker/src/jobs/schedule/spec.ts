import {
  type Audience,
  JobRun,
  MeshError,
  type ScheduleInfo,
  SealedCall,
} from "@claudemesh/protocol";
import { z } from "zod";
import type { JobRow } from "../../store/jobs-port.ts";
import { nextTimes } from "./cron.ts";

const When = z.object({ cron: z.string().optional(), zone: z.string().optional() });

/** What a schedule does, as it is stored; a call's own word says when it is due. */
export const ScheduleSpec = z.discriminatedUnion("what", [
  z.object({ what: z.literal("tool"), call: SealedCall }),
  When.extend({ what: z.literal("message"), to: z.string(), text: z.string() }),
  When.extend({ what: z.literal("webhook"), url: z.string(), body: z.string().optional() }),
]);
export type ScheduleSpec = z.infer<typeof ScheduleSpec>;
/** What the broker itself says or posts. */
export type OwnSpec = Exclude<ScheduleSpec, { what: "tool" }>;

/** What every job's state holds at least. */
export const JobState = z.looseObject({ last: JobRun.optional() });

/** how many of the next times are told */
const shown = 3;

/** When a schedule is due that is due `first`, the next times. */
export async function timesFrom(
  first: number | null,
  { cron, zone }: z.infer<typeof When>,
): Promise<number[]> {
  if (first === null) return [];
  return cron === undefined ? [first] : [first, ...(await nextTimes(cron, zone, first, shown - 1))];
}

/** What the broker says or posts at a time, as its author is told of it. */
export async function describeSchedule(row: JobRow, spec: OwnSpec): Promise<ScheduleInfo> {
  const { last } = JobState.parse(JSON.parse(row.state));
  const { cron, zone } = spec;
  const next = await timesFrom(row.plannedAt ?? row.dueAt, spec);
  return {
    id: row.id,
    author: row.author,
    createdAt: row.createdAt,
    fails: row.fails,
    ...(last === undefined ? {} : { last }),
    ...(row.stopped === null ? {} : { stopped: row.stopped }),
    ...(spec.what === "message"
      ? { what: spec.what, to: spec.to as Audience, text: spec.text }
      : { what: spec.what, url: spec.url }),
    ...(cron === undefined ? {} : { cron }),
    ...(zone === undefined ? {} : { zone }),
    next,
  };
}

/** The first time of a cron expression after one. Throws `malformed` where it or its zone cannot be read, or no such time comes. */
export async function firstTime(
  cron: string,
  zone: string | undefined,
  after: number,
): Promise<number> {
  const [first] = await nextTimes(cron, zone, after, 1);
  if (first !== undefined) return first;
  throw new MeshError("malformed", "cron: there is no such time in the next years");
}
