import type { DeviceHandler } from "../../handler.ts";
import { placeOf, wirePlace } from "../../streams/stream-place.ts";
import { targetMesh } from "../target-mesh.ts";
import { showStream } from "./show-stream.ts";

export const create: DeviceHandler<"stream.create"> = async ({ mesh, ...named }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const place = await placeOf(ctx, row, named);
  const made = await ctx.links.using(row, ({ client }) => client.stream.create(wirePlace(place)));
  return showStream(ctx, row, made);
};
