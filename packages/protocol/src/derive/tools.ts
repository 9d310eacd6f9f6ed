import type { AnyOp } from "../op.ts";
import { opNames, ops } from "../registry.ts";
import { edgeInputSchema } from "./view.ts";

/** An agent tool as MCP lists it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
  readonly annotations: { readonly readOnlyHint: boolean };
}

/** Every operation that agents may call, as tools, sorted by name. */
export const tools = (): readonly Tool[] =>
  opNames
    .map((name): AnyOp => ops[name])
    .filter((declared) => declared.tool !== undefined)
    .map((declared) => ({
      name: declared.tool as string,
      description: declared.summary,
      inputSchema: edgeInputSchema(declared),
      annotations: { readOnlyHint: declared.kind === "query" },
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
