import type { DeviceHandler } from "../../handler.ts";
import { actOn } from "../../sessions/act-on.ts";

export const set: DeviceHandler<"status.set"> = async ({ status }, ctx) => {
  const ofDevice = { status, status_at: ctx.now() };
  const { of, changed } = actOn(ctx, { status, source: "manual" }, ofDevice);
  const [one] = changed;
  const stands = { status: one?.status ?? status, source: one?.statusSource ?? "manual" } as const;
  return { of, sessions: changed.length, ...stands };
};
