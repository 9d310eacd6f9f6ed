import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import type { Block } from "../stage/model-request.ts";
import { childEnv, type Identity } from "./identity.ts";
import type { McpServer } from "./mcp-server.ts";
import { notGranted } from "./wording.ts";

export interface ToolOutcome {
  /** as the model sees it */
  readonly content: string | readonly Block[];
  /** as PostToolUse gets it */
  readonly response: unknown;
  readonly failed: boolean;
}

export interface ToolSource {
  readonly tool: string;
  readonly run: (input: Record<string, unknown>, toolUse: string) => Promise<ToolOutcome>;
  readonly mcpServer?: { readonly name: string; readonly source: "plugin" };
}

async function runShell(command: string, identity: Identity): Promise<ToolOutcome> {
  const env = childEnv(identity, undefined);
  const child = spawn("/bin/bash", ["-c", command], {
    cwd: identity.cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const said = { stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
  const flags = { interrupted: false, isImage: false, noOutputExpected: false };
  const both = [said.stdout, said.stderr].filter((part) => part !== "").join("\n");
  const content = code === 0 ? both : `Exit code ${code}\n${both}`.trimEnd();
  return { content, response: { ...said, ...flags }, failed: code !== 0 };
}

const scoped = (server: McpServer, tool: string): string =>
  `mcp__${server.name.replaceAll(/[^a-zA-Z0-9_-]/g, "_")}__${tool}`;

/** The tools that the model may name: the shell, and those of the connected servers. */
export function toolSources(
  servers: readonly McpServer[],
  identity: Identity,
): readonly ToolSource[] {
  const shell: ToolSource = {
    tool: "Bash",
    run: ({ command }) => runShell(String(command), identity),
  };
  const others = servers.flatMap((server) =>
    server.tools.map((tool): ToolSource => {
      const run: ToolSource["run"] = async (input, toolUse) => {
        const result = await server.callTool(tool, input, toolUse);
        const failed = result.isError === true;
        return { content: result.content, response: result.content, failed };
      };
      return {
        tool: scoped(server, tool),
        run,
        mcpServer: { name: server.name, source: "plugin" },
      };
    }),
  );
  return [shell, ...others];
}

/** Whether the person allowed this tool beforehand. */
export const isAllowed = (tool: string, mode: string, allowed: readonly string[]): boolean =>
  mode === "bypassPermissions" ||
  allowed.some((name) => (name.endsWith("*") ? tool.startsWith(name.slice(0, -1)) : tool === name));

export const refusal = (tool: string): ToolOutcome => ({
  content: notGranted(tool),
  response: undefined,
  failed: true,
});
