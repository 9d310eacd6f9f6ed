import { type Audience, JobRun, MeshError, type ScheduleInfo } from "@claudemesh/protocol";
import { z } from "zod";
import type { JobRow } from "../../store/jobs-port.ts";
import { nextTimes } from "./cron.ts";

const When = z.object({ cron: z.string().optional(), zone: z.string().optional() });

/** What a schedule does, as it is stored. */
export const ScheduleSpec = z.discriminatedUnion("what", [
  When.extend({ what: z.literal("message"), to: z.string(), text: z.string() }),
  When.extend({ what: z.literal("webhook"), url: z.string(), body: z.string().optional() }),
]);
export type ScheduleSpec = z.infer<typeof ScheduleSpec>;

/** What every job's state holds at least. */
export const JobState = z.looseObject({ last: JobRun.optional() });

/** how many of the next times are told */
const shown = 3;

/** A schedule as its author is told of it. */
export async function describeSchedule(row: JobRow): Promise<ScheduleInfo> {
  const spec = ScheduleSpec.parse(JSON.parse(row.spec));
  const { last } = JobState.parse(JSON.parse(row.state));
  const { cron, zone } = spec;
  const first = row.plannedAt ?? row.dueAt;
  const next = first === null ? [] : [first];
  if (cron !== undefined && first !== null) {
    next.push(...(await nextTimes(cron, zone, first, shown - 1)));
  }
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
