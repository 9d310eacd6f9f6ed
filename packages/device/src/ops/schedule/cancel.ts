import type { Client } from "@claudemesh/sdk";
import type { DeviceHandler } from "../../handler.ts";
import { findJob } from "../../jobs/find-job.ts";
import { targetMesh } from "../target-mesh.ts";

/** Ends what is scheduled, found by its id or the id's end. */
export const cancel: DeviceHandler<"schedule.cancel"> = async ({ mesh, id }, ctx) =>
  ctx.links.using(targetMesh(ctx, mesh), async ({ client }) =>
    client.schedule.cancel({ id: await findJob(id, () => everything(client)) }),
  );

async function everything(client: Client) {
  const { calls, items } = await client.schedule.list({});
  return { items: [...items, ...calls] };
}
