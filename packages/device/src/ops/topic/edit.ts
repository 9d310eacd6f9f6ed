import type { DeviceHandler } from "../../handler.ts";
import { followUp } from "./follow-up.ts";

/** Replaces the text of one's own post; the signed word of it goes to the topic. */
export const edit: DeviceHandler<"topic.edit"> = ({ mesh, id, text }, ctx) =>
  followUp(ctx, { mesh, id, kind: "post.edit", text });
