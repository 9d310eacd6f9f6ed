import { waitingUploads } from "../../files/waiting-uploads.ts";
import type { DeviceHandler } from "../../handler.ts";

/** What is on its way, then what waits. */
export const progress: DeviceHandler<"file.progress"> = async (_input, ctx) => {
  const running = ctx.transfers.all;
  const busy = new Set(running.map(({ id }) => id));
  return { items: [...running, ...waitingUploads(ctx).filter(({ id }) => !busy.has(id))] };
};
