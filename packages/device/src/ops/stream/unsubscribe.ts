import type { DeviceHandler } from "../../handler.ts";
import { placeOf } from "../../streams/stream-place.ts";
import { askedMesh } from "../target-mesh.ts";
import { requireSession } from "./subscribe.ts";

export const unsubscribe: DeviceHandler<"stream.unsubscribe"> = async ({ mesh, ...named }, ctx) => {
  const agentSession = requireSession(ctx);
  const place = await placeOf(ctx, askedMesh(ctx, mesh), named);
  ctx.listening.unpush(place, agentSession);
  return { name: place.name };
};
