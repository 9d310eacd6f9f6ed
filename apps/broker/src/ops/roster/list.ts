import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";

export const list: Handler<"roster.list"> = async ({ after }, { actor, roster, store }) => {
  const items = await store.read.roster(actor.mesh, after, limits.rosterPage);
  return { items: [...items], head: roster.head };
};
