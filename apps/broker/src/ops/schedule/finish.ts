import { limits, MeshError } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { type CallState, callState } from "../../jobs/schedule/call-state.ts";
import { callEntry } from "../../jobs/schedule/run-call.ts";

/** Takes a device's word for what came of what was due, and tells the others; after too many failures in a row it is due no more. */
export const finish: Handler<"schedule.finish"> = async ({ result }, ctx) => {
  const { actor, jobs, now, store } = ctx;
  const { device, job: id, member, mesh, outcome, planned } = result.entry;
  if (mesh !== actor.mesh || member !== actor.member || device !== actor.device) {
    throw new MeshError("malformed", "result: it is of another mesh, member or device");
  }
  for (;;) {
    const job = await store.read.job(id);
    const isOwn = job?.mesh === actor.mesh && job.author === actor.member;
    if (!isOwn || job.kind !== "schedule") return { kept: false };
    const { waiting, ...rest } = callState(job);
    if (waiting?.planned !== planned) return { kept: false };
    const at = now();
    const fails = outcome === "done" ? 0 : job.fails + (outcome === "failed" ? 1 : 0);
    const isStopped = fails >= limits.jobFails;
    const isOver = job.plannedAt === null || isStopped;
    const state: CallState = {
      ...rest,
      last: { at, planned, result },
      ...(isOver ? { isOver: true } : {}),
    };
    const next = {
      fails,
      state: JSON.stringify(state),
      dueAt: isOver ? at + limits.callShownMs : job.dueAt,
      ...(isOver ? { plannedAt: null } : {}),
      ...(isStopped ? { dueAt: null, stopped: `it failed ${fails} times in a row` } : {}),
    };
    const news = { planned, result, ...(isStopped ? { stopped: true as const } : {}) };
    const settled = await store.write.settleJob({
      ...{ mesh: job.mesh, id, dueAt: job.dueAt, was: job.state, at },
      next,
      entries: [callEntry(job, news, ctx)],
    });
    if (settled !== "settled") continue;
    jobs.kept({ lane: "said", dueAt: next.dueAt });
    return { kept: true };
  }
};
