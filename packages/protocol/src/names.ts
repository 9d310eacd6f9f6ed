import { edgeKinds } from "./generated/edge-kinds.ts";
import { methodTree } from "./method-tree.ts";
import type { EdgeOpName } from "./registry.ts";

export { edgeKinds };

/** The names of the operations that people and agents call, as a tree: `names.message.send`. */
export const names = methodTree<EdgeOpName, { [N in EdgeOpName]: N }>(
  Object.keys(edgeKinds) as EdgeOpName[],
  (name) => name as never,
);
