import { deleteNode } from "../queries/nodes.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetNode: WriteFn<"forgetNode"> = ({ db }, input) => deleteNode(db, input);
