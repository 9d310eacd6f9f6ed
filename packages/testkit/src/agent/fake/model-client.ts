import type { Block, ModelMessage } from "../stage/model-request.ts";
import type { Identity } from "./identity.ts";

export interface Answer {
  readonly id: string;
  readonly content: readonly Block[];
  readonly stopReason: string;
}

interface StreamEvent {
  readonly type: string;
  readonly index?: number;
  readonly message?: { readonly id: string };
  readonly content_block?: Block;
  readonly delta?: {
    readonly text?: string;
    readonly partial_json?: string;
    readonly stop_reason?: string;
  };
}

const modelName = "claude-opus-5-5";

/** Puts the events of one stream together again: blocks by index, a tool's input from its partial JSON. */
function assemble(events: readonly StreamEvent[]): Answer {
  const blocks: Block[] = [];
  const inputs: string[] = [];
  let id = "";
  let stopReason = "end_turn";
  for (const { type, index = 0, message, content_block: block, delta } of events) {
    if (type === "message_start") id = message?.id ?? "";
    else if (type === "content_block_start" && block !== undefined) blocks[index] = { ...block };
    else if (type === "content_block_delta" && delta?.text !== undefined) {
      const start = blocks[index] as Block;
      blocks[index] = { ...start, text: (start.text ?? "") + delta.text };
    } else if (type === "content_block_delta") {
      inputs[index] = (inputs[index] ?? "") + (delta?.partial_json ?? "");
    } else if (type === "message_delta") stopReason = delta?.stop_reason ?? stopReason;
  }
  const content = blocks.map((block, index) =>
    block.type === "tool_use" ? { ...block, input: JSON.parse(inputs[index] ?? "{}") } : block,
  );
  return { id, content, stopReason };
}

/** Asks the model over the Messages API for the next answer. Throws when the endpoint refuses. */
export async function askModel(
  identity: Identity,
  messages: readonly ModelMessage[],
): Promise<Answer> {
  const response = await fetch(`${process.env.ANTHROPIC_BASE_URL}/v1/messages?beta=true`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": process.env.ANTHROPIC_API_KEY ?? "",
      "x-claude-code-session-id": identity.session,
    },
    body: JSON.stringify({
      model: modelName,
      messages,
      system: [{ type: "text", text: "You are the fake of an agent." }],
      tools: [{ name: "Bash", description: "Run a command", input_schema: { type: "object" } }],
      max_tokens: 128_000,
      stream: true,
    }),
  });
  if (!response.ok) throw new Error(`the model answered ${response.status}`);
  const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: "));
  return assemble(lines.map((line) => JSON.parse(line.slice("data: ".length)) as StreamEvent));
}
