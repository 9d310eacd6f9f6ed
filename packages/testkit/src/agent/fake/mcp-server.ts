import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Block } from "../stage/model-request.ts";
import { type Identity, serverEnv } from "./identity.ts";
import type { ServerEntry } from "./plugins.ts";

interface Rpc {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface ToolResult {
  readonly content: readonly Block[];
  readonly isError?: boolean;
}

interface Welcome {
  readonly capabilities?: {
    readonly tools?: object;
    readonly prompts?: object;
    readonly resources?: object;
    readonly experimental?: Readonly<Record<string, unknown>>;
  };
  readonly instructions?: string;
}

const clientInfo = {
  name: "claude-code",
  title: "Claude Code",
  version: "2.1.329",
  description: "Anthropic's agentic coding tool",
  websiteUrl: "https://claude.com/claude-code",
};
const capabilities = { roots: { listChanged: true }, elicitation: { form: {}, url: {} } };
const meta = "io.modelcontextprotocol";

/** One stdio MCP server as the real client speaks to it: probe, handshake, lists, calls, SIGINT at the end. Never restarted. */
export class McpServer {
  readonly name: string;
  readonly tools: string[] = [];
  welcome: Welcome = {};
  onNotification: (method: string, params: unknown) => void = () => undefined;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  readonly #waiting = new Map<string | number, (reply: Rpc) => void>();
  #next = 0;

  constructor(entry: ServerEntry, identity: Identity) {
    this.name = entry.name;
    const env = { ...serverEnv(identity, entry.plugin), ...entry.env };
    this.#child = spawn(entry.command, [...entry.args], { cwd: identity.cwd, env });
    this.#child.on("error", (error) => console.error(`${entry.name}: ${error.message}`));
    this.#child.stdin.on("error", () => undefined);
    this.#child.stderr.resume();
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#receive(line));
    this.#closed = once(this.#child, "close").then(() => {
      const error = { code: -32000, message: "Connection closed" };
      for (const settle of this.#waiting.values()) settle({ error });
      this.#waiting.clear();
    });
  }

  /** The handshake of the real client. Throws when the server refuses it. */
  async connect(): Promise<void> {
    const probe = await this.#request(
      "server/discover",
      {
        _meta: {
          [`${meta}/protocolVersion`]: "2026-07-28",
          [`${meta}/clientInfo`]: clientInfo,
          [`${meta}/clientCapabilities`]: capabilities,
        },
      },
      "server-discover-probe-1",
    );
    // The real client goes on in the modern protocol then, which has no channel and which the fake does not speak.
    if (probe.error === undefined) throw new Error(`${this.name} answered server/discover`);
    const hello = { protocolVersion: "2025-11-25", capabilities, clientInfo };
    this.welcome = (await this.#call("initialize", hello)) as Welcome;
    this.#send({ method: "notifications/initialized" });
    const offered = this.welcome.capabilities ?? {};
    if (offered.tools !== undefined) await this.#listTools();
    if (offered.prompts !== undefined) await this.#call("prompts/list");
    if (offered.resources !== undefined) await this.#call("resources/list");
  }

  /** Calls a tool for the model, or for a hook, which names no tool use. */
  async callTool(name: string, input: unknown, toolUse?: string): Promise<ToolResult> {
    const progressToken = this.#next;
    const _meta = toolUse === undefined ? {} : { "claudecode/toolUseId": toolUse, progressToken };
    const params = { name, arguments: input, ...(toolUse === undefined ? {} : { _meta }) };
    return (await this.#call("tools/call", params)) as ToolResult;
  }

  /** Ends it as the real one does: SIGINT, and after two seconds without an end SIGKILL. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGINT");
    const last = setTimeout(() => this.#child.kill("SIGKILL"), 2000);
    await this.#closed;
    clearTimeout(last);
  }

  async #listTools(): Promise<void> {
    const { tools } = (await this.#call("tools/list")) as { tools: { name: string }[] };
    this.tools.splice(0, this.tools.length, ...tools.map((tool) => tool.name));
  }

  #send(message: Rpc): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  #request(method: string, params?: unknown, id: string | number = this.#next++): Promise<Rpc> {
    if (this.#child.exitCode !== null) {
      return Promise.resolve({ error: { code: -32000, message: "Connection closed" } });
    }
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ id, method, ...(params === undefined ? {} : { params }) });
    });
  }

  async #call(method: string, params?: unknown): Promise<unknown> {
    const reply = await this.#request(method, params);
    if (reply.error !== undefined) throw new Error(reply.error.message);
    return reply.result;
  }

  #receive(line: string): void {
    const message = JSON.parse(line) as Rpc;
    if (message.method === undefined) {
      const settle = this.#waiting.get(message.id ?? "");
      this.#waiting.delete(message.id ?? "");
      settle?.(message);
    } else if (message.id === undefined) {
      if (message.method === "notifications/tools/list_changed") void this.#listTools();
      this.onNotification(message.method, message.params);
    } else if (message.method === "ping") this.#send({ id: message.id, result: {} });
    else this.#send({ id: message.id, error: { code: -32601, message: "Method not found" } });
  }
}
