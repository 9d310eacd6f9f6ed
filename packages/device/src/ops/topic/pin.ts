import type { DeviceHandler } from "../../handler.ts";
import { off } from "../../topics/follow-ups.ts";
import { followUp } from "./follow-up.ts";

/** Pins a post to its topic, or takes the pin off. */
export const pin: DeviceHandler<"topic.pin"> = async ({ mesh, id, ...said }, ctx) => {
  const text = said.off ? off : "on";
  return { id: (await followUp(ctx, { mesh, id, kind: "post.pin", text })).id, pinned: !said.off };
};
