import type { DeviceOrigin } from "@claudemesh/protocol";
import { noteDevices } from "../../devices/note-devices.ts";
import type { DeviceHandler } from "../../handler.ts";
import { ownDevices } from "../../store/own-device-rows.ts";
import { askedMesh } from "../target-mesh.ts";

/** This member's devices as the broker has seen them, with how each is known here. */
export const list: DeviceHandler<"device.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const seen = await ctx.links.using(row, (link) => noteDevices(ctx, row, link));
  const origins = new Map<string, DeviceOrigin>(
    ownDevices(ctx.store, row.mesh).map(({ device, origin }) => [device, origin]),
  );
  return {
    items: seen.map((one) => ({
      ...one,
      mesh: row.slug,
      origin:
        one.device === row.device ? ("this" as const) : (origins.get(one.device) ?? "unknown"),
    })),
  };
};
