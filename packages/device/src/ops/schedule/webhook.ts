import { uuidv4 } from "@claudemesh/crypto";
import type { JobId } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { namedSchedule } from "../../jobs/job-target.ts";
import { whenAsked } from "../../jobs/when.ts";
import { targetMesh } from "../target-mesh.ts";

/** Has the broker post to a URL at a time; what that answers comes back as a message. */
export const webhook: DeviceHandler<"schedule.webhook"> = async (
  { mesh, url, body, ...at },
  ctx,
) => {
  const row = targetMesh(ctx, mesh);
  const when = whenAsked(at, ctx.now());
  const id = `job_${uuidv4(ctx.random)}` as JobId;
  const what = { id, url, ...(body === undefined ? {} : { body }), ...when };
  const made = await ctx.links.using(row, ({ client }) => client.schedule.create(what));
  return namedSchedule(ctx, row, made);
};
