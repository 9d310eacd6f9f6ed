import type { Handler } from "../../handler.ts";

/** Only what is sealed to the caller; whether a row holds the key that it names, its recipient finds out. */
export const list: Handler<"keys.list"> = async ({ commitments }, { actor, store }) => {
  const { member, mesh } = actor;
  return { items: [...(await store.read.keyRows(mesh, { member, commitments }))] };
};
