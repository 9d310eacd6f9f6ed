import { instructions } from "./instructions.ts";
import { answerLine, errorLine, type Incoming, RpcError, readLine, rpcCodes } from "./json-rpc.ts";
import type { SkillSet } from "./skill-set.ts";

/** A tool in the list of them. */
export interface Listed {
  readonly name: string;
}

/** Tools as they are listed and called; none by default. */
export interface ToolSet {
  list(): Promise<readonly Listed[]>;
  /** Answers an MCP tool result; throws `RpcError` for a name that there is not. */
  call(name: string, input: Readonly<Record<string, unknown>>): Promise<ToolResult>;
}

export interface ToolResult {
  readonly content: readonly { readonly type: "text"; readonly text: string }[];
  /** the same as an object, as the tool's output schema describes it */
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  /** called once the answer is in the agent's pipe; not part of the answer */
  readonly shown?: () => Promise<void>;
}

export interface McpParts {
  readonly version: string;
  readonly tools: ToolSet;
  /** skills as prompts and resources; undefined while there are none */
  readonly skills: () => Promise<SkillSet> | undefined;
  /** Writes one line and settles when the pipe has taken it. */
  readonly write: (line: string) => Promise<void>;
  /** told once the agent has introduced itself */
  readonly onClient: (client: ClientInfo) => void;
}

export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

/**
 * Revisions in which a server may send notifications of its own. The one after them has no such path, so the probe for it is refused and agents fall back
 * to these.
 */
const revisions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/** The MCP server of one agent session over lines of JSON. It must be quick and never fail: the agent waits for it at its start. */
export class McpServer {
  readonly #parts: McpParts;

  constructor(parts: McpParts) {
    this.#parts = parts;
  }

  /** Takes one line in and writes the answer that it asks for. */
  async take(line: string): Promise<void> {
    if (line.trim() === "") return;
    const read = readLine(line);
    if (read === undefined) return;
    if ("error" in read) return this.#parts.write(errorLine(read.id, read.error));
    const { id } = read;
    if (id === undefined) return;
    let answer: string;
    let shown: ToolResult["shown"];
    try {
      const result = await this.#answer(read);
      if ("content" in result) ({ shown } = result as unknown as ToolResult);
      answer = answerLine(id, { ...result, shown: undefined });
    } catch (error) {
      const failed = new RpcError(rpcCodes.internalError, "the server failed");
      answer = errorLine(id, error instanceof RpcError ? error : failed);
    }
    await this.#parts.write(answer);
    await shown?.().catch(() => undefined);
  }

  async #answer({ method, params }: Incoming): Promise<object> {
    switch (method) {
      case "initialize":
        return this.#initialize(params);
      case "ping":
        return {};
      case "tools/list":
        return { tools: await this.#parts.tools.list() };
      case "tools/call":
        return this.#call(params);
      case "prompts/list":
        return { prompts: (await (await this.#parts.skills())?.prompts()) ?? [] };
      case "prompts/get":
        return this.#prompt(params);
      case "resources/list":
        return { resources: (await (await this.#parts.skills())?.resources()) ?? [] };
      case "resources/read":
        return this.#resource(params);
      case "resources/templates/list":
        return { resourceTemplates: [] };
      default:
        throw new RpcError(rpcCodes.methodNotFound, `there is no method ${method.slice(0, 80)}`);
    }
  }

  #initialize(params: Incoming["params"]): object {
    const asked = params.protocolVersion;
    const info = (params.clientInfo ?? {}) as { name?: unknown; version?: unknown };
    this.#parts.onClient({ name: text(info.name), version: text(info.version) });
    return {
      protocolVersion: revisions.find((one) => one === asked) ?? revisions[0],
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true },
        experimental: { "claude/channel": {} },
      },
      serverInfo: { name: "claudemesh", version: this.#parts.version },
      instructions,
    };
  }

  async #prompt({ name, arguments: given }: Incoming["params"]): Promise<object> {
    const skills = await this.#parts.skills();
    if (skills === undefined || typeof name !== "string") throw nothing("prompt");
    const words = (given as { readonly arguments?: unknown } | undefined)?.arguments;
    return await skills.prompt(name, typeof words === "string" ? words : "");
  }

  async #resource({ uri }: Incoming["params"]): Promise<object> {
    const skills = await this.#parts.skills();
    if (skills === undefined || typeof uri !== "string") throw nothing("resource");
    return await skills.resource(uri);
  }

  async #call({ name, arguments: given }: Incoming["params"]): Promise<ToolResult> {
    if (typeof name !== "string")
      throw new RpcError(rpcCodes.invalidParams, "name: expected a text");
    const input = given !== null && typeof given === "object" ? given : {};
    return this.#parts.tools.call(name, input as Record<string, unknown>);
  }
}

const nothing = (what: string): RpcError =>
  new RpcError(rpcCodes.invalidParams, `there is no such ${what}`);

const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, 100) : "");
