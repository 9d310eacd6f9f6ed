import { MeshError } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { drawJobId, jobTarget, keepJob, requireMaySay } from "../../jobs/new-job.ts";
import { dueAtOf } from "../../jobs/schedule/due-at.ts";
import { describeSchedule, type OwnSpec, ScheduleSpec } from "../../jobs/schedule/spec.ts";

/** Keeps what is to be said or posted at a time; whom a name means is settled now, whether its author may still say it there when it is due. */
export const create: Handler<"schedule.create"> = async (asked, ctx) => {
  requireMaySay(ctx);
  const dueAt = await dueAtOf(asked, ctx.now());
  const { cron, zone, text, url, body, id = drawJobId(ctx) } = asked;
  const when = {
    ...(cron === undefined ? {} : { cron: cron.trim() }),
    ...(zone === undefined ? {} : { zone }),
  };
  let spec: OwnSpec;
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
  const kept = await keepJob({ ...row, spec: JSON.stringify(spec) }, ctx);
  const there = ScheduleSpec.parse(JSON.parse(kept.spec));
  if (there.what === "tool") throw ctx.fail("conflict", "id: in use already");
  return await describeSchedule(kept, there);
};

function requireJson(body: string | undefined): void {
  try {
    if (body !== undefined) JSON.parse(body);
  } catch {
    throw new MeshError("malformed", "body: not JSON");
  }
}
