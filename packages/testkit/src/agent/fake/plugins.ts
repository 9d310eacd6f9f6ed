import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Flags } from "./flags.ts";
import type { PluginPlace } from "./identity.ts";

export interface Handler {
  readonly type: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly url?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** seconds */
  readonly timeout?: number;
}

export interface HookEntry {
  readonly matcher: string | undefined;
  readonly handler: Handler;
  readonly plugin: PluginPlace | undefined;
}

export interface ServerEntry {
  /** as the model's tools and the channel name it: `plugin:<plugin>:<server>` */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly plugin: PluginPlace;
}

export interface Configuration {
  /** by event */
  readonly hooks: ReadonlyMap<string, readonly HookEntry[]>;
  readonly servers: readonly ServerEntry[];
  /** `crossSessionInbound` of the settings */
  readonly inbound: string | undefined;
}

type HookFile = Record<string, { matcher?: string; hooks: Handler[] }[]>;
type McpFile = Record<
  string,
  { command: string; args?: string[]; env?: Record<string, string>; type?: string }
>;

function readJson<T>(path: string, missing: T): T {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : missing;
}

/** Fills `${CLAUDE_PLUGIN_ROOT}`, `${VAR}` and `${VAR:-default}`. */
export function expand(text: string, plugin: PluginPlace | undefined): string {
  const own: Record<string, string | undefined> = {
    CLAUDE_PLUGIN_ROOT: plugin?.root,
    CLAUDE_PLUGIN_DATA: plugin?.data,
  };
  return text.replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (whole, name: string, fallback) => {
    return own[name] ?? process.env[name] ?? (fallback as string | undefined) ?? whole;
  });
}

function serversOf(plugin: PluginPlace): readonly ServerEntry[] {
  const file = readJson<{ mcpServers?: McpFile }>(join(plugin.root, ".mcp.json"), {});
  return Object.entries(file.mcpServers ?? {}).map(([key, entry]) => {
    if (entry.command === undefined) throw new Error(`the fake starts stdio servers only: ${key}`);
    const env = Object.entries(entry.env ?? {});
    return {
      name: `plugin:${plugin.name}:${key}`,
      command: expand(entry.command, plugin),
      args: (entry.args ?? []).map((word) => expand(word, plugin)),
      env: Object.fromEntries(env.map(([name, value]) => [name, expand(value, plugin)])),
      plugin,
    };
  });
}

const known = ["hooks", "crossSessionInbound"];

/** Reads the settings file and the plugins of `--plugin-dir`; all hooks merge. */
export function readConfiguration(flags: Flags, config: string): Configuration {
  const hooks = new Map<string, HookEntry[]>();
  const add = (file: HookFile, plugin: PluginPlace | undefined) => {
    for (const [event, groups] of Object.entries(file)) {
      const entries = groups.flatMap(({ matcher, hooks: handlers }) =>
        handlers.map((handler) => ({ matcher, handler, plugin })),
      );
      hooks.set(event, [...(hooks.get(event) ?? []), ...entries]);
    }
  };
  const settings = readJson<{ hooks?: HookFile; crossSessionInbound?: string }>(
    flags.settings ?? "",
    {},
  );
  const strange = Object.keys(settings).filter((key) => !known.includes(key));
  if (strange.length > 0) throw new Error(`the fake knows no setting ${strange.join(", ")}`);
  add(settings.hooks ?? {}, undefined);
  const servers = flags.plugins.flatMap((root) => {
    const manifest = readJson<{ name?: string }>(join(root, ".claude-plugin/plugin.json"), {});
    const name = manifest.name ?? basename(root);
    const plugin = { name, root, data: join(config, "plugins/data", `${name}-inline`) };
    add(readJson<{ hooks?: HookFile }>(join(root, "hooks/hooks.json"), {}).hooks ?? {}, plugin);
    return serversOf(plugin);
  });
  return { hooks, servers, inbound: settings.crossSessionInbound };
}
