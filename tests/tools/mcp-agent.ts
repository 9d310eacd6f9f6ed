import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  type CallToolResult,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { entry, type Person, until } from "../last-metre/support/person.ts";

const callMs = 120_000;

/** The official client in the part of an agent, with the push-pipe as its child. */
export class McpAgent implements AsyncDisposable {
  readonly client: Client;
  #errors = "";
  #changes = 0;

  private constructor(client: Client) {
    this.client = client;
  }

  static async connected(
    person: Person,
    agentSession: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<McpAgent> {
    const client = new Client({ name: "claude-code", version: "2.1.329" }, { capabilities: {} });
    const agent = new McpAgent(client);
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      agent.#changes += 1;
    });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [entry, "mcp"],
      env: { ...person.env, CLAUDE_CODE_SESSION_ID: agentSession, ...env },
      stderr: "pipe",
    });
    transport.stderr?.on("data", (part) => {
      agent.#errors += part;
    });
    await client.connect(transport);
    return agent;
  }

  /** What the pipe has written beside its protocol. */
  get errors(): string {
    return this.#errors;
  }

  async call(name: string, input: unknown): Promise<CallToolResult> {
    const asked = { name, arguments: input as Record<string, unknown> };
    return (await this.client.callTool(asked, undefined, { timeout: callMs })) as CallToolResult;
  }

  /** Settles once the pipe has said that there are other tools. */
  async toolsChanged(): Promise<void> {
    await this.until(async () => this.#changes > 0);
  }

  async until(holds: () => Promise<boolean>): Promise<void> {
    await until("a change", async () => ((await holds()) ? true : undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}
