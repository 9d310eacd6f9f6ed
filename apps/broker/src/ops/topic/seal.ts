import type { CallContext, Handler } from "../../handler.ts";
import { put } from "../keys/put.ts";
import { topicKeys } from "./topic-key.ts";

/** Takes rows of this topic's keys alone; whose they may be is checked as for any others. */
export const seal: Handler<"topic.seal"> = async ({ topic, rows }, ctx) => {
  const { commitments } = await topicKeys(topic, ctx);
  const own = new Set(commitments);
  const foreign = rows.findIndex(({ commitment }) => !own.has(commitment));
  if (foreign >= 0) {
    throw ctx.fail("forbidden", `rows[${foreign}].commitment: not a key of that topic`);
  }
  return await put({ rows }, ctx as unknown as CallContext<"keys.put">);
};
