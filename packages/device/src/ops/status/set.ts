import type { DeviceHandler } from "../../handler.ts";
import { actInMesh, actOn } from "../../sessions/act-on.ts";
import { targetMesh } from "../target-mesh.ts";

export const set: DeviceHandler<"status.set"> = async ({ mesh, status }, ctx) => {
  const ofDevice = { status, status_at: ctx.now() };
  if (mesh !== undefined) {
    const { of, changed } = actInMesh(ctx, targetMesh(ctx, mesh).mesh, ofDevice);
    return { of, sessions: changed.length, status, source: "manual" };
  }
  const { of, changed } = actOn(ctx, { status, source: "manual" }, ofDevice);
  const [one] = changed;
  const stands = { status: one?.status ?? status, source: one?.statusSource ?? "manual" } as const;
  return { of, sessions: changed.length, ...stands };
};
