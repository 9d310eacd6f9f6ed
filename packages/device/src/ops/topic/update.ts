import type { DeviceHandler } from "../../handler.ts";
import { changeTopic } from "./change-topic.ts";

/** Says anew what a topic is about. */
export const update: DeviceHandler<"topic.update"> = ({ description, ...target }, ctx) =>
  changeTopic(ctx, target, { description }, (link, topic) => link.client.topic.update({ topic }));
