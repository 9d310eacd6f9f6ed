import type { Handler } from "../../handler.ts";
import { describeWatch } from "../../jobs/watch/spec.ts";

/** What the broker watches for the caller. */
export const list: Handler<"watch.list"> = async (_input, { actor, store }) => {
  const own = { kind: "watch", author: actor.member } as const;
  return { items: (await store.read.jobs(actor.mesh, own)).map(describeWatch) };
};
