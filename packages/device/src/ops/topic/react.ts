import type { DeviceHandler } from "../../handler.ts";
import { off } from "../../topics/follow-ups.ts";
import { followUp } from "./follow-up.ts";

/** Sets a sign to a post, or takes it back. */
export const react: DeviceHandler<"topic.react"> = async ({ mesh, id, emoji, ...said }, ctx) => {
  const text = said.off ? `${off} ${emoji}` : emoji;
  return { id: (await followUp(ctx, { mesh, id, kind: "post.react", text })).id, emoji };
};
