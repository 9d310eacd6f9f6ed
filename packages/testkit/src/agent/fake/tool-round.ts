import type { Block } from "../stage/model-request.ts";
import type { Parts } from "./session.ts";
import { isAllowed, refusal, type ToolOutcome, type ToolSource, toolSources } from "./tools.ts";

interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Record<string, unknown>;
}

interface Done {
  readonly call: Call;
  readonly outcome: ToolOutcome;
  readonly lines: readonly string[];
}

const missing = (name: string): ToolOutcome => ({
  content: `<tool_use_error>Error: No such tool available: ${name}</tool_use_error>`,
  response: undefined,
  failed: true,
});

async function attempt(
  source: ToolSource,
  call: Call,
  parts: Parts,
): Promise<[ToolOutcome, boolean]> {
  const { permissionMode } = parts.identity;
  if (!isAllowed(call.name, permissionMode, parts.flags.allowed)) {
    return [refusal(call.name), false];
  }
  const failure = (error: Error): ToolOutcome => ({
    content: error.message,
    response: undefined,
    failed: true,
  });
  return [await source.run(call.input, call.id).catch(failure), true];
}

async function useTool(call: Call, parts: Parts): Promise<Done> {
  const source = toolSources(parts.servers, parts.identity).find((item) => item.tool === call.name);
  if (source === undefined) return { call, outcome: missing(call.name), lines: [] };
  const { hooks } = parts;
  const fields = {
    tool_name: call.name,
    tool_input: call.input,
    tool_use_id: call.id,
    ...(source.mcpServer && { mcp_server: source.mcpServer }),
  };
  const before = await hooks.fire("PreToolUse", call.name, fields);
  const error = before.block && `PreToolUse:${call.name} hook error: ${before.block}`;
  const deny = error ?? before.effects.find((effect) => effect.deny !== undefined)?.deny;
  if (deny !== undefined) {
    const outcome = { content: deny, response: undefined, failed: true };
    return { call, outcome, lines: before.lines };
  }
  const start = performance.now();
  const [outcome, ran] = await attempt(source, call, parts);
  if (!ran) return { call, outcome, lines: before.lines };
  const duration_ms = Math.round(performance.now() - start);
  const [event, result] = outcome.failed
    ? ["PostToolUseFailure", { error: String(outcome.content), is_interrupt: false }]
    : ["PostToolUse", { tool_response: outcome.response }];
  const after = await hooks.fire(event, call.name, { ...fields, ...result, duration_ms });
  const updated = after.effects.find((effect) => effect.updatedOutput !== undefined);
  const content = (updated?.updatedOutput ?? outcome.content) as ToolOutcome["content"];
  return { call, outcome: { ...outcome, content }, lines: [...before.lines, ...after.lines] };
}

/**
 * Runs the tools of one answer and their hooks, then the batch's. Answers false when a hook ended the turn.
 * What the hooks said stands beside the results, in the order: before, after, batch.
 */
export async function runTools(content: readonly Block[], parts: Parts): Promise<boolean> {
  const { conversation, hooks, transcript, output } = parts;
  const calls = content.filter((block) => block.type === "tool_use") as unknown as Call[];
  const done: Done[] = [];
  for (const call of calls) done.push(await useTool(call, parts));
  const results = done.map(({ call, outcome }) => ({
    tool_use_id: call.id,
    type: "tool_result",
    content: outcome.content,
    ...(outcome.failed || call.name === "Bash" ? { is_error: outcome.failed } : {}),
  }));
  const message = { role: "user", content: results };
  transcript.message("user", message);
  output.event({ type: "user", message });
  conversation.add("user", results);
  conversation.beside(done.flatMap(({ lines }) => lines));
  const batch = await hooks.fire("PostToolBatch", "", {
    tool_calls: done.map(({ call, outcome }) => ({
      tool_name: call.name,
      tool_input: call.input,
      tool_use_id: call.id,
      tool_response: outcome.content,
    })),
  });
  conversation.beside(batch.lines);
  return batch.block === undefined;
}
