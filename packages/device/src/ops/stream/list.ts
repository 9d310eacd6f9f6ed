import type { DeviceHandler } from "../../handler.ts";
import { askedMesh } from "../target-mesh.ts";
import { showStream } from "./show-stream.ts";

export const list: DeviceHandler<"stream.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { items } = await ctx.links.using(row, ({ client }) => client.stream.list({}));
  return { items: items.map((one) => showStream(ctx, row, one)) };
};
