import { limits, MeshError } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { drawJobId, jobTarget, keepJob, requireMaySay } from "../../jobs/new-job.ts";
import { describeSchedule, firstTime, type ScheduleSpec } from "../../jobs/schedule/spec.ts";

type Asked = Parameters<Handler<"schedule.create">>[0];

/** Keeps what is to be said or posted at a time; whom a name means is settled now, whether its author may still say it there when it is due. */
export const create: Handler<"schedule.create"> = async (asked, ctx) => {
  requireMaySay(ctx);
  const dueAt = await dueAtOf(asked, ctx.now());
  const { cron, zone, text, url, body, id = drawJobId(ctx) } = asked;
  const when = {
    ...(cron === undefined ? {} : { cron: cron.trim() }),
    ...(zone === undefined ? {} : { zone }),
  };
  let spec: ScheduleSpec;
  if (text !== undefined && url === undefined && body === undefined) {
    spec = {
      what: "message",
      to: await jobTarget(asked.to, ctx),
      text: text.toWellFormed(),
      ...when,
    };
  } else if (url !== undefined && text === undefined && asked.to === undefined) {
    ctx.jobs.parts.fetch.check(url);
    requireJson(body);
    spec = { what: "webhook", url, ...(body === undefined ? {} : { body }), ...when };
  } else {
    throw new MeshError("malformed", "text: give either text, with to, or url, with body");
  }
  const lane = spec.what === "message" ? "said" : "outside";
  const row = { id, kind: "schedule", lane, dueAt, secret: null } as const;
  return await describeSchedule(await keepJob({ ...row, spec: JSON.stringify(spec) }, ctx));
};

/** Throws `malformed` unless there is one time, and it is to come. */
async function dueAtOf({ at, cron, inMs, zone }: Asked, now: number): Promise<number> {
  if ([at, cron, inMs].filter((one) => one !== undefined).length !== 1) {
    throw new MeshError("malformed", "at: give one of inMs, at and cron");
  }
  if (cron === undefined && zone !== undefined) {
    throw new MeshError("malformed", "zone: it is for cron alone");
  }
  if (cron !== undefined) return await firstTime(cron, zone, now);
  const due = at ?? now + (inMs ?? 0);
  if (due > now + limits.jobAheadMs) throw new MeshError("malformed", "at: too far ahead");
  if (due < now - limits.clockSkewMs) throw new MeshError("malformed", "at: that is over");
  return due;
}

function requireJson(body: string | undefined): void {
  try {
    if (body !== undefined) JSON.parse(body);
  } catch {
    throw new MeshError("malformed", "body: not JSON");
  }
}
