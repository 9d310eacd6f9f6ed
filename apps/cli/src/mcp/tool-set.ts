import {
  type AnyOp,
  MeshError,
  type MessageId,
  type OpName,
  opNames,
  ops,
} from "@claudemesh/protocol";
import { type Tool, tools } from "@claudemesh/protocol/derive";
import { RpcError, rpcCodes } from "./json-rpc.ts";
import type { ToolResult, ToolSet } from "./mcp-server.ts";

/** How a tool's operation is called: over the daemon, on behalf of one agent session. */
export interface ToolCalls {
  /** Answers an operation. Throws `MeshError`. */
  call(name: OpName, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Says that these messages are in the agent's pipe. */
  confirm(ids: readonly MessageId[]): Promise<void>;
  /** An answer with other people's messages, as the model may see it, and which are in it; undefined for every other answer. */
  frame(
    name: OpName,
    answer: unknown,
  ): { readonly text: string; readonly shown: readonly MessageId[] } | undefined;
}

const toolOf = (name: OpName): string | undefined => (ops[name] as AnyOp).tool;

/** The tools that every operation's declaration derives, all or those of a list of names. */
export function derivedTools(calls: ToolCalls, only: ReadonlySet<string> | undefined): ToolSet {
  const listed = tools().filter(({ name }) => only === undefined || only.has(name));
  const byTool = new Map<string, OpName>();
  for (const name of opNames) {
    const tool = toolOf(name);
    if (tool !== undefined && listed.some((one) => one.name === tool)) byTool.set(tool, name);
  }
  return {
    list: async (): Promise<readonly Tool[]> => listed,
    call: async (tool, input) => {
      const name = byTool.get(tool);
      if (name === undefined) {
        throw new RpcError(rpcCodes.invalidParams, `there is no tool ${tool.slice(0, 80)}`);
      }
      try {
        return answered(name, await calls.call(name, input), calls);
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function answered(name: OpName, answer: unknown, calls: ToolCalls): ToolResult {
  const framed = calls.frame(name, answer);
  if (framed === undefined) return { content: [{ type: "text", text: JSON.stringify(answer) }] };
  const { text, shown } = framed;
  return { content: [{ type: "text", text }], shown: () => calls.confirm(shown) };
}

function failed(error: unknown): ToolResult {
  const known = error instanceof MeshError ? error : new MeshError("internal", "the call failed");
  const text = JSON.stringify({ error: known.toBody() });
  return { content: [{ type: "text", text }], isError: true };
}
