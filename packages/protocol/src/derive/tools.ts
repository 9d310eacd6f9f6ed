import type { AnyOp } from "../op.ts";
import { opNames, ops } from "../registry.ts";
import { edgeInputSchema, edgeOutputSchema } from "./view.ts";

/** An agent tool as MCP lists it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
  /** of what it answers as structured content; left out where that is no object */
  readonly outputSchema?: Record<string, unknown>;
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint?: boolean };
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
      ...outputOf(declared),
      annotations: hintsOf(declared),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

function hintsOf({ cli, kind }: AnyOp): Tool["annotations"] {
  if (kind === "query") return { readOnlyHint: true };
  return { readOnlyHint: false, destructiveHint: cli?.confirm !== undefined };
}

/** Fields that a later version adds are no fault in an answer. */
function outputOf(declared: AnyOp): Pick<Tool, "outputSchema"> {
  const schema = edgeOutputSchema(declared);
  return schema.type === "object" ? { outputSchema: open(schema) as Tool["inputSchema"] } : {};
}

function open(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(open);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([name, value]) => name !== "additionalProperties" || value !== false,
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, open(value)]));
}
