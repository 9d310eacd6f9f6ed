import type { DeviceHandler } from "../../handler.ts";
import { actInMesh, actOn } from "../../sessions/act-on.ts";
import { targetMesh } from "../target-mesh.ts";

export const set: DeviceHandler<"summary.set"> = async ({ mesh, text }, ctx) => {
  const summary = text.trim();
  const { of, changed } =
    mesh === undefined
      ? actOn(ctx, { summary }, { summary })
      : actInMesh(ctx, targetMesh(ctx, mesh).mesh, { summary });
  return { of, sessions: changed.length, summary };
};
