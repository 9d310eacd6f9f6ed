import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { type CallState, callState } from "../../jobs/schedule/call-state.ts";

const over = { granted: false, isOver: true, before: false } as const;

/** Gives what is due to one device of its author at a time: to another only after that one's time is up. */
export const claim: Handler<"schedule.claim"> = async ({ id, planned }, ctx) => {
  const { actor, now, store } = ctx;
  for (;;) {
    const job = await store.read.job(id);
    if (job?.mesh !== actor.mesh || job.author !== actor.member) return over;
    if (job.kind !== "schedule") return over;
    const { waiting, ...rest } = callState(job);
    if (waiting?.planned !== planned) return over;
    const at = now();
    const { device = actor.device, until = at, isSecond = false } = waiting;
    const isOwn = device === actor.device;
    if (!isOwn && until > at) return { granted: false, isOver: false, until, before: false };
    const before = isSecond || !isOwn;
    const taken = {
      ...{ planned, device: actor.device, until: at + limits.callLeaseMs },
      ...(before ? { isSecond: true } : {}),
    };
    const settled = await store.write.settleJob({
      ...{ mesh: job.mesh, id, dueAt: job.dueAt, was: job.state, entries: [], at },
      next: {
        dueAt: job.dueAt,
        state: JSON.stringify({ ...rest, waiting: taken } satisfies CallState),
      },
    });
    if (settled === "settled") return { granted: true, isOver: false, until: taken.until, before };
  }
};
