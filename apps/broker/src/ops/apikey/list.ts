import type { Handler } from "../../handler.ts";
import { describeKey } from "./describe-key.ts";

export const list: Handler<"apikey.list"> = async (_input, { actor, now, store }) => {
  const rows = await store.read.apiKeys(actor.mesh);
  const at = now();
  return { items: rows.map((row) => describeKey(row, at)) };
};
