import type { Methods, OpName } from "./registry.ts";

/** Builds the method tree of `Methods` by calling `make` for each name. */
export function methodTree<Names extends OpName, F extends { [N in Names]: unknown }>(
  names: readonly Names[],
  make: <N extends Names>(name: N) => F[N],
): Methods<Names, F> {
  const tree: Record<string, Record<string, unknown>> = {};
  for (const name of names) {
    const dot = name.indexOf(".");
    const noun = name.slice(0, dot);
    tree[noun] = { ...tree[noun], [name.slice(dot + 1)]: make(name) };
  }
  return tree as Methods<Names, F>;
}
