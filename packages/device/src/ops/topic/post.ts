import type { DeviceHandler } from "../../handler.ts";
import { send } from "../message/send.ts";

/** Posts to a topic as `send "#name"` does. */
export const post: DeviceHandler<"topic.post"> = ({ name, ...message }, ctx) =>
  send({ ...message, to: name.startsWith("#") ? name : `#${name}` }, ctx);
