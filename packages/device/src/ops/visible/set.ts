import type { DeviceHandler } from "../../handler.ts";
import { actInMesh, actOn } from "../../sessions/act-on.ts";
import { targetMesh } from "../target-mesh.ts";

export const set: DeviceHandler<"visible.set"> = async ({ mesh, visible }, ctx) => {
  const said = { visible: visible ? 1 : 0 };
  const { of, changed } =
    mesh === undefined
      ? actOn(ctx, { visible }, said)
      : actInMesh(ctx, targetMesh(ctx, mesh).mesh, said);
  return { of, sessions: changed.length, visible };
};
