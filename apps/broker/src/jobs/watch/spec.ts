import { type Audience, type WatchInfo, WatchMode, WatchOn } from "@claudemesh/protocol";
import { z } from "zod";
import type { JobRow } from "../../store/jobs-port.ts";
import { JobState } from "../schedule/spec.ts";

/** What a watch looks at, as it is stored. The values of its headers are sealed apart. */
export const WatchSpec = z.object({
  name: z.string(),
  url: z.string(),
  everyMs: z.number(),
  mode: WatchMode,
  on: WatchOn,
  path: z.string().optional(),
  value: z.string().optional(),
  headers: z.array(z.string()),
  to: z.string(),
});
export type WatchSpec = z.infer<typeof WatchSpec>;

/** What it saw last. */
export const WatchState = JobState.extend({
  etag: z.string().optional(),
  modified: z.string().optional(),
  seen: z.string().optional(),
  /** whether what was seen was what is waited for */
  fits: z.boolean().optional(),
});
export type WatchState = z.infer<typeof WatchState>;

/** A watch as its author is told of it. */
export function describeWatch(row: JobRow): WatchInfo {
  const spec = WatchSpec.parse(JSON.parse(row.spec));
  const { last } = JobState.parse(JSON.parse(row.state));
  const next = row.plannedAt ?? row.dueAt;
  return {
    id: row.id,
    author: row.author,
    createdAt: row.createdAt,
    fails: row.fails,
    ...(last === undefined ? {} : { last }),
    ...(row.stopped === null ? {} : { stopped: row.stopped }),
    ...spec,
    to: spec.to as Audience,
    ...(next === null ? {} : { next }),
  };
}
