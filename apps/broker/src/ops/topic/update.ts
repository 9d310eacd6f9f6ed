import type { Handler } from "../../handler.ts";
import { putVersion } from "./put-version.ts";

/** Keeps what a topic is about from now on. */
export const update: Handler<"topic.update"> = async ({ topic }, ctx) => {
  if (topic.ended) throw ctx.fail("malformed", "topic.ended: a topic is ended by deleting it");
  return await putVersion(topic, ctx);
};
