import type { Handler } from "../../handler.ts";
import { putVersion } from "./put-version.ts";

/** Ends a topic; what was posted stays where it is. */
export const del: Handler<"topic.delete"> = async ({ topic }, ctx) => {
  if (!topic.ended) throw ctx.fail("malformed", "topic.ended: must be set to delete it");
  return await putVersion(topic, ctx);
};
