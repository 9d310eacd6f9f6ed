// The plugin's MCP server: two tools, and a line to the test, which hears what comes in and says what goes out.
import { connect } from "node:net";
import { createInterface } from "node:readline";

interface Rpc {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: {
    readonly protocolVersion?: string;
    readonly name?: string;
    readonly arguments?: { readonly text?: string };
  };
}

const { TINY_CONTROL = "", CLAUDE_CODE_MESSAGING_SOCKET: inbox = "" } = process.env;
const control = connect(TINY_CONTROL);
const tell = (line: object) => control.write(`${JSON.stringify(line)}\n`);
const send = (line: object) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...line })}\n`);

tell({ started: { pid: process.pid, env: process.env } });
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    tell({ ended: name });
    control.end(() => process.exit(0));
  });
}

/** What the test says: lines for the session's inbox socket, or a notification for the agent. */
createInterface({ input: control }).on("line", (line) => {
  const order = JSON.parse(line) as { post?: object[]; notify?: object };
  if (order.notify !== undefined) send(order.notify);
  if (order.post === undefined) return;
  const lines = order.post.map((item) => `${JSON.stringify(item)}\n`).join("");
  const socket = connect(inbox);
  socket.on("error", (error) => tell({ failed: error.message }));
  socket.end(lines, () => tell({ posted: order.post?.length }));
});

const schema = { type: "object", properties: { text: { type: "string" } } };
const tools = [
  { name: "ping", description: "Answer pong", inputSchema: schema },
  { name: "echo", description: "Answer the text", inputSchema: schema },
];
const answers: Readonly<Record<string, (text: string) => string>> = {
  ping: () => "pong",
  echo: (text) => text,
};
const experimental = { "claude/channel": {} };
const identity = { serverInfo: { name: "srv", version: "1" }, instructions: "tiny instructions" };

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const message = JSON.parse(line) as Rpc;
    tell({ received: message });
    const { id, method, params } = message;
    if (id === undefined || method === undefined) return;
    const results: Record<string, () => object> = {
      initialize: () => ({
        protocolVersion: params?.protocolVersion,
        capabilities: { tools: {}, experimental },
        ...identity,
      }),
      "tools/list": () => ({ tools }),
      "tools/call": () => {
        const text = answers[params?.name ?? ""]?.(params?.arguments?.text ?? "") ?? "";
        return { content: [{ type: "text", text }] };
      },
    };
    const result = results[method]?.();
    if (result === undefined) send({ id, error: { code: -32601, message: "Method not found" } });
    else send({ id, result });
  })
  .on("close", () => {
    tell({ ended: "stdin" });
    control.end(() => process.exit(0));
  });
