import type { DeviceHandler } from "../../handler.ts";
import { placeOf, wirePlace } from "../../streams/stream-place.ts";
import { targetMesh } from "../target-mesh.ts";

export const del: DeviceHandler<"stream.delete"> = async ({ mesh, ...named }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const place = await placeOf(ctx, row, named);
  return await ctx.links.using(row, ({ client }) => client.stream.delete(wirePlace(place)));
};
