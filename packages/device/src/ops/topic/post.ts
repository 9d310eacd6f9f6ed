import type { DeviceHandler } from "../../handler.ts";
import { namesDm } from "../../topics/conversation.ts";
import { send } from "../message/send.ts";

/** Posts to a topic as `send "#name"` does; to a dm as `send name`. */
export const post: DeviceHandler<"topic.post"> = ({ name, ...message }, ctx) =>
  send({ ...message, to: recipient(name) }, ctx);

function recipient(name: string): string {
  if (namesDm(name)) return name.replace(/^@/, "");
  return name.startsWith("#") ? name : `#${name}`;
}
