import { skills } from "@claudemesh/protocol/derive";
import { commandOf, type Program } from "../program.ts";
import { hookTable } from "./hooks.ts";

/** Names that Claude Code knows the plugin by. */
export const marketplaceName = "claudemesh";
export const pluginName = "claudemesh";
export const pluginId = `${pluginName}@${marketplaceName}`;

export interface PluginOptions {
  readonly program: Program;
  /** how agents' shells call the program */
  readonly call: string;
  readonly version: string;
  readonly hooks: boolean;
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const about = "Messages between coding agents and people, end-to-end encrypted";

/** The MCP server entry: the push-pipe of a session. */
export const serverEntry = (program: Program): Record<string, unknown> => ({
  type: "stdio",
  ...commandOf(program, "mcp"),
});

/** A marketplace folder with the one plugin in it: path inside the folder to text. */
export function pluginFiles(options: PluginOptions): ReadonlyMap<string, string> {
  const { program, call, version, hooks } = options;
  const files = new Map<string, string>();
  files.set(
    ".claude-plugin/marketplace.json",
    json({
      name: marketplaceName,
      owner: { name: "claudemesh" },
      plugins: [{ name: pluginName, source: `./${pluginName}`, description: about }],
    }),
  );
  const put = (path: string, text: string) => files.set(`${pluginName}/${path}`, text);
  put(
    ".claude-plugin/plugin.json",
    json({
      name: pluginName,
      version,
      description: about,
      author: { name: "claudemesh" },
      license: "MIT",
    }),
  );
  put(".mcp.json", json({ mcpServers: { [pluginName]: serverEntry(program) } }));
  if (hooks) put("hooks/hooks.json", json({ hooks: hookTable(program) }));
  for (const { name, text } of skills(call)) put(`skills/${name}/SKILL.md`, text);
  return files;
}
