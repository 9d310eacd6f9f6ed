import { deleteOrders } from "../queries/nodes.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetOrders: WriteFn<"forgetOrders"> = ({ db }, input) => deleteOrders(db, input);
