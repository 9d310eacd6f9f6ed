import { movePresence, upsertNode } from "../queries/nodes.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putNode: WriteFn<"putNode"> = async ({ db }, { node, presence }) => {
  await upsertNode(db, node);
  await movePresence(db, node.id, presence);
};
