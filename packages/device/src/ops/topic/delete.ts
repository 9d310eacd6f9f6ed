import type { DeviceHandler } from "../../handler.ts";
import { changeTopic } from "./change-topic.ts";

/** Signs the topic's end. What was posted stays on the devices that have it. */
export const del: DeviceHandler<"topic.delete"> = (target, ctx) =>
  changeTopic(ctx, target, { ended: true }, (link, topic) => link.client.topic.delete({ topic }));
