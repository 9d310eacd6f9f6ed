import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentHome } from "./agent-home.ts";
import { claudeBinary, claudeVersion } from "./claude-binary.ts";
import type { Scenario, Settings } from "./scenario.ts";
import type { Stage } from "./stage/stage.ts";

export type AgentKind = "real" | "fake";

/** The program of a kind: the fetched binary, or the fake under this Node. */
export function program(kind: AgentKind): readonly string[] {
  if (kind === "fake") return [process.execPath, join(import.meta.dirname, "fake/main.ts")];
  const binary = claudeBinary();
  if (binary === undefined) throw new Error(`Claude Code ${claudeVersion} is not here`);
  return [binary];
}

function settingsOf(scenario: Scenario, stage: Stage): Settings {
  const merged: Record<string, unknown[]> = {};
  for (const source of [stage.reporting, scenario.settings?.hooks ?? {}]) {
    for (const [event, entries] of Object.entries(source)) {
      merged[event] = [...(merged[event] ?? []), ...entries];
    }
  }
  return { ...scenario.settings, hooks: merged };
}

const readJson = (path: string): Record<string, unknown> =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>) : {};

/** Patterns for every tool of a plugin's servers; a pattern over all servers would match nothing. */
function toolsOf(plugin: string): readonly string[] {
  const { name } = readJson(join(plugin, ".claude-plugin/plugin.json"));
  const servers = Object.keys(readJson(join(plugin, ".mcp.json")).mcpServers ?? {});
  return servers.map((server) => `mcp__plugin_${name}_${server}__*`);
}

/** The words after the program's name, the same for both kinds. */
export function commandLine(
  scenario: Scenario,
  stage: Stage,
  home: AgentHome,
  session: string,
): readonly string[] {
  const settings = join(home.root, "settings.json");
  writeFileSync(settings, JSON.stringify(settingsOf(scenario, stage)));
  const format = ["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"];
  return [
    ...(scenario.mode === "terminal" ? [] : ["-p", ...format]),
    ...["--session-id", session, "--settings", settings],
    ...["--permission-mode", scenario.permissionMode ?? "default"],
    ...(scenario.plugins ?? []).flatMap((folder) => ["--plugin-dir", folder]),
    ...["--allowedTools", "Bash", ...(scenario.plugins ?? []).flatMap(toolsOf)],
  ];
}
