import { type AnyOp, edgeOpNames, ops } from "@claudemesh/protocol";

/** The operations that people and agents call, each with its kind, as a module that loads no schema. */
export const edgeKindsFile = (): string =>
  [
    "// Written by `npm run gen` from the declarations.",
    'import type { EdgeOpName, Op } from "../registry.ts";',
    "",
    "/** Operation name to kind, for programs that start without the schemas. */",
    "export const edgeKinds = {",
    ...edgeOpNames.map((name) => `  "${name}": "${(ops[name] as AnyOp).kind}",`),
    '} as const satisfies { readonly [N in EdgeOpName]: Op<N>["kind"] };',
    "",
  ].join("\n");
