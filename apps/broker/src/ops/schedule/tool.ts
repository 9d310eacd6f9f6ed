import { MeshError } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { keepJob } from "../../jobs/new-job.ts";
import { describeCall } from "../../jobs/schedule/call-state.ts";
import { dueAtOf } from "../../jobs/schedule/due-at.ts";
import { ScheduleSpec } from "../../jobs/schedule/spec.ts";

/** Keeps what the caller's own devices are to do at a time. What that is the broker cannot read, and whether its author signed it the devices check. */
export const tool: Handler<"schedule.tool"> = async ({ call }, ctx) => {
  const { actor, now } = ctx;
  const { at, cron, job: id, member, mesh, zone } = call.entry;
  if (mesh !== actor.mesh || member !== actor.member) {
    throw new MeshError("malformed", "call: it is of another mesh or member");
  }
  const dueAt = await dueAtOf({ at, cron, zone }, now());
  const spec = JSON.stringify({ what: "tool", call } satisfies ScheduleSpec);
  const kept = await keepJob(
    { id, kind: "schedule", lane: "said", dueAt, secret: null, spec },
    ctx,
  );
  const there = ScheduleSpec.parse(JSON.parse(kept.spec));
  if (there.what !== "tool") throw ctx.fail("conflict", "job: in use already");
  return await describeCall(kept, there.call);
};
