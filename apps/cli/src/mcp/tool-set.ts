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
  /** Whether an operation's answers may hold other people's messages. */
  frames(name: OpName): boolean;
  /** An answer with other people's messages, as the model may see it, and which are in it; undefined for every other answer. */
  frame(
    name: OpName,
    answer: unknown,
  ): { readonly text: string; readonly shown: readonly MessageId[] } | undefined;
}

const toolOf = (name: OpName): string | undefined => (ops[name] as AnyOp).tool;

/** The tools that the operations' declarations derive. */
export function derivedTools(calls: ToolCalls): ToolSet {
  const byTool = new Map<string, OpName>();
  for (const name of opNames) {
    const tool = toolOf(name);
    if (tool !== undefined) byTool.set(tool, name);
  }
  const listed = tools().map((tool) => asAnswered(tool, byTool.get(tool.name), calls));
  return {
    list: async () => listed,
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

/** An answer that is fenced text has no structure besides. */
function asAnswered(tool: Tool, name: OpName | undefined, calls: ToolCalls): Tool {
  if (name === undefined || !calls.frames(name)) return tool;
  const { outputSchema: _structure, ...rest } = tool;
  return rest;
}

function answered(name: OpName, answer: unknown, calls: ToolCalls): ToolResult {
  const framed = calls.frame(name, answer);
  if (framed === undefined) {
    return {
      content: [{ type: "text", text: JSON.stringify(answer) }],
      ...(calls.frames(name) ? {} : { structuredContent: answer }),
    };
  }
  const { text, shown } = framed;
  return { content: [{ type: "text", text }], shown: () => calls.confirm(shown) };
}

function failed(error: unknown): ToolResult {
  const known = error instanceof MeshError ? error : new MeshError("internal", "the call failed");
  const text = JSON.stringify({ error: known.toBody() });
  return { content: [{ type: "text", text }], isError: true };
}
