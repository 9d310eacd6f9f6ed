import type { Handler } from "../../handler.ts";
import { topicKeys } from "./topic-key.ts";

export const key: Handler<"topic.key"> = async ({ topic }, ctx) => {
  const { actor, roster, store } = ctx;
  const { kind, commitments } = await topicKeys(topic, ctx);
  const commitment = commitments.at(-1);
  if (commitment === undefined) throw ctx.fail("not_found", "topic: it has no key yet");
  const { mesh, member } = actor;
  const rows = await store.read.keyRows(mesh, { member, commitments: [commitment] });
  const version =
    kind === "mesh" ? commitments.length - 1 : (roster.topics.get(topic)?.version ?? 0);
  return { kind, version, commitment, rows: [...rows] };
};
