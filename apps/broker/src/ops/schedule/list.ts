import type { CallInfo, ScheduleInfo } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { describeCall } from "../../jobs/schedule/call-state.ts";
import { describeSchedule, ScheduleSpec } from "../../jobs/schedule/spec.ts";

/** What the caller has scheduled; what others did is theirs. */
export const list: Handler<"schedule.list"> = async (_input, { actor, store }) => {
  const own = { kind: "schedule", author: actor.member } as const;
  const items: ScheduleInfo[] = [];
  const calls: CallInfo[] = [];
  for (const row of await store.read.jobs(actor.mesh, own)) {
    const spec = ScheduleSpec.parse(JSON.parse(row.spec));
    if (spec.what !== "tool") items.push(await describeSchedule(row, spec));
    else calls.push(await describeCall(row, spec.call));
  }
  return { items, calls };
};
