import type { DeviceHandler } from "../../handler.ts";
import { actOn } from "../../sessions/act-on.ts";

export const set: DeviceHandler<"visible.set"> = async ({ visible }, ctx) => {
  const { of, changed } = actOn(ctx, { visible }, { visible: visible ? 1 : 0 });
  return { of, sessions: changed.length, visible };
};
