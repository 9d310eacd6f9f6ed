import type { DeviceHandler } from "../../handler.ts";
import { findJob } from "../../jobs/find-job.ts";
import { targetMesh } from "../target-mesh.ts";

/** Ends a watch, found by its id or the id's end. */
export const del: DeviceHandler<"watch.delete"> = async ({ mesh, id }, ctx) =>
  ctx.links.using(targetMesh(ctx, mesh), async ({ client }) =>
    client.watch.delete({ id: await findJob(id, () => client.watch.list({})) }),
  );
