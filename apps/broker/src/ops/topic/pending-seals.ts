import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { topicKeys } from "./topic-key.ts";

export const pendingSeals: Handler<"topic.pending_seals"> = async ({ topic }, ctx) => {
  const { actor, store } = ctx;
  const { commitments } = await topicKeys(topic, ctx);
  const wanted = await store.read.keyWants(actor.mesh, limits.keyRows);
  const own = new Set(commitments);
  const items = wanted.filter(
    ({ commitment, member }) => own.has(commitment) && member !== actor.member,
  );
  return { items };
};
