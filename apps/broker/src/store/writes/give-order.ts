import { insertOrder } from "../queries/nodes.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const giveOrder: WriteFn<"giveOrder"> = ({ db }, { order, at }) =>
  insertOrder(db, order, at);
