import type { DeviceHandler } from "../../handler.ts";
import { followUp } from "./follow-up.ts";

/** Takes one's own post back. Who has read it has read it; from then on nobody is shown its text. */
export const retract: DeviceHandler<"topic.retract"> = ({ mesh, id }, ctx) =>
  followUp(ctx, { mesh, id, kind: "post.retract", text: "" });
