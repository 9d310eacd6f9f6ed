import { uuidv4 } from "@claudemesh/crypto";
import type { JobId } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { jobTarget, namedSchedule } from "../../jobs/job-target.ts";
import { whenAsked } from "../../jobs/when.ts";
import { targetMesh } from "../target-mesh.ts";

/** Has the broker say something at a time. It can read what it says, and says it unsigned. */
export const create: DeviceHandler<"schedule.create"> = async ({ mesh, text, to, ...at }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const when = whenAsked(at, ctx.now());
  const id = `job_${uuidv4(ctx.random)}` as JobId;
  return await ctx.links.using(row, async (link) => {
    const target = await jobTarget(ctx, row, link, to);
    const made = await link.client.schedule.create({
      id,
      text,
      ...when,
      ...(target === undefined ? {} : { to: target }),
    });
    return namedSchedule(ctx, row, made);
  });
};
