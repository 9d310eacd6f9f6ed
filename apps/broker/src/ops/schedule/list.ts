import type { Handler } from "../../handler.ts";
import { describeSchedule } from "../../jobs/schedule/spec.ts";

/** What the caller has scheduled; what others did is theirs. */
export const list: Handler<"schedule.list"> = async (_input, { actor, store }) => {
  const own = { kind: "schedule", author: actor.member } as const;
  const rows = await store.read.jobs(actor.mesh, own);
  return { items: await Promise.all(rows.map(describeSchedule)) };
};
