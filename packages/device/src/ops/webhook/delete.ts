import type { DeviceHandler } from "../../handler.ts";
import { findJob } from "../../jobs/find-job.ts";
import { targetMesh } from "../target-mesh.ts";

/** Takes a webhook's URL away, found by its id or the id's end. */
export const del: DeviceHandler<"webhook.delete"> = async ({ mesh, id }, ctx) =>
  ctx.links.using(targetMesh(ctx, mesh), async ({ client }) =>
    client.webhook.delete({ id: await findJob(id, () => client.webhook.list({})) }),
  );
