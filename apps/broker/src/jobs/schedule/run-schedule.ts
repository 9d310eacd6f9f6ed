import type { Audience } from "@claudemesh/protocol";
import type { MemberContext } from "../../handler.ts";
import { requireTarget } from "../../ops/message/post-target.ts";
import type { JobRow, JobSettle } from "../../store/jobs-port.ts";
import type { JobParts } from "../context.ts";
import { authorOf, sayEntry, whyNotSaid } from "../say.ts";
import { type Outcome, settleRun } from "../settle-run.ts";
import { nextTimes } from "./cron.ts";
import { postOut } from "./post-out.ts";
import { runCall } from "./run-call.ts";
import { ScheduleSpec } from "./spec.ts";

/** how late something must be for its readers to be told so */
const lateMs = 60_000;
/** how long a post to the outside may take before another node takes it for lost */
const postLeaseMs = 120_000;

/** Says what is due now, and moves the schedule on, in one transaction. What was missed is said once, late; a cron expression goes on from now. */
export async function runSchedule(job: JobRow, parts: JobParts): Promise<void> {
  const author = await authorOf(job, parts);
  if (author === undefined) return await drop(job, parts);
  const spec = ScheduleSpec.parse(JSON.parse(job.spec));
  if (spec.what === "tool") return await runCall(job, spec.call, parts);
  const planned = job.plannedAt ?? job.dueAt ?? parts.now();
  const after = Math.max(planned, parts.now());
  const [next] = spec.cron === undefined ? [] : await nextTimes(spec.cron, spec.zone, after, 1);
  const run = { job, author, next, name: "reminder", subtype: "reminder" } as const;
  const silence = whyNotSaid(author);
  if (silence !== undefined) {
    await settleRun(run, { ok: false, said: silence, isFinal: true }, parts);
    return;
  }
  if (spec.what === "message") {
    await settleRun(run, await toSay(spec, planned, job, author, parts), parts);
    return;
  }
  const until = parts.now() + postLeaseMs;
  const claimed = await parts.store.write.settleJob(claim(job, planned, until, parts));
  if (claimed === "moved") return;
  const outcome = await postOut(spec, { job: job.id, planned }, parts);
  await settleRun({ ...run, job: { ...job, dueAt: until } }, outcome, parts);
}

async function toSay(
  spec: Extract<ScheduleSpec, { what: "message" }>,
  planned: number,
  job: JobRow,
  author: MemberContext,
  parts: JobParts,
): Promise<Outcome> {
  const to = spec.to as Audience;
  try {
    await requireTarget(to, { ...parts, ...author });
  } catch (error) {
    return { ok: false, said: error instanceof Error ? error.message : "it cannot be told" };
  }
  const isLate = parts.now() - planned > lateMs;
  const text = isLate ? `${spec.text}\n(was due at ${iso(planned)})` : spec.text;
  const said = { job: job.id, name: "reminder", subtype: "reminder", to, text } as const;
  const entry = await sayEntry(said, parts, author);
  return { ok: true, said: isLate ? "said, late" : "said", entries: [entry] };
}

/** While it is worked on here, nobody else takes it up. */
const claim = (job: JobRow, plannedAt: number, until: number, { now }: JobParts): JobSettle => ({
  mesh: job.mesh,
  id: job.id,
  dueAt: job.dueAt,
  next: { dueAt: until, plannedAt },
  entries: [],
  at: now(),
});

const drop = async ({ mesh, id, dueAt }: JobRow, { now, store }: JobParts): Promise<void> => {
  await store.write.settleJob({ mesh, id, dueAt, next: null, entries: [], at: now() });
};

/** To the second. */
const iso = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
