import type { DeviceHandler } from "../../handler.ts";
import { actOn } from "../../sessions/act-on.ts";

export const set: DeviceHandler<"summary.set"> = async ({ text }, ctx) => {
  const summary = text.trim();
  const { of, changed } = actOn(ctx, { summary }, { summary });
  return { of, sessions: changed.length, summary };
};
