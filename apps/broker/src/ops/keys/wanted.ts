import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";

export const wanted: Handler<"keys.wanted"> = async (_input, { actor, store }) => {
  const items = await store.read.keyWants(actor.mesh, limits.keyRows);
  return { items: items.filter(({ member }) => member !== actor.member) };
};
