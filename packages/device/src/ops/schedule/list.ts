import { showCall } from "../../calls/show-call.ts";
import type { DeviceHandler } from "../../handler.ts";
import { namedSchedule } from "../../jobs/job-target.ts";
import { askedMesh } from "../target-mesh.ts";

/** What this member has scheduled, by the broker's word. */
export const list: DeviceHandler<"schedule.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { calls, items } = await ctx.links.using(row, ({ client }) => client.schedule.list({}));
  return {
    items: items.map((item) => namedSchedule(ctx, row, item)),
    calls: calls.map((call) => showCall(ctx, row, call)),
  };
};
