import type { ServerResponse } from "node:http";
import type { Turn } from "../scenario.ts";

/** Names that a scripted answer gives to its message and its tool uses: `msg_3`, `toolu_3_0`. */
const toolUseId = (turn: number, index: number): string => `toolu_${turn}_${index}`;

function* blocks(turn: Turn, index: number) {
  if (turn.say !== undefined) {
    yield [
      { type: "text", text: "" },
      { type: "text_delta", text: turn.say },
    ] as const;
  }
  for (const [position, tool] of (turn.tools ?? []).entries()) {
    yield [
      { type: "tool_use", id: toolUseId(index, position), name: tool.name, input: {} },
      { type: "input_json_delta", partial_json: JSON.stringify(tool.input) },
    ] as const;
  }
}

/** Streams one turn as the Messages API does: start, blocks with one delta each, stop reason, stop. */
export function streamAnswer(
  response: ServerResponse,
  model: string,
  turn: Turn,
  index: number,
): void {
  const event = (type: string, rest: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
  const usage = { input_tokens: 1, output_tokens: 1 };
  const head = { id: `msg_${index}`, type: "message", role: "assistant", model, content: [] };
  response.writeHead(200, { "content-type": "text/event-stream" });
  event("message_start", { message: { ...head, stop_reason: null, stop_sequence: null, usage } });
  for (const [position, [start, delta]] of [...blocks(turn, index)].entries()) {
    event("content_block_start", { index: position, content_block: start });
    event("content_block_delta", { index: position, delta });
    event("content_block_stop", { index: position });
  }
  const stopReason = turn.tools === undefined ? "end_turn" : "tool_use";
  event("message_delta", {
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: { output_tokens: 1 },
  });
  event("message_stop", {});
  response.end();
}

/** The same for a request that did not ask for a stream. */
export function wholeAnswer(response: ServerResponse, model: string, text: string): void {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const head = { id: "msg_whole", type: "message", role: "assistant", model };
  const content = [{ type: "text", text }];
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ ...head, content, stop_reason: "end_turn", usage }));
}
