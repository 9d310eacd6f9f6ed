import { existsSync } from "node:fs";
import { join } from "node:path";
import { findClaude } from "../../agent/claude-code/binary.ts";
import { installInto } from "../../agent/claude-code/install.ts";
import { claudePaths } from "../../agent/claude-code/paths.ts";
import { pluginFiles, pluginId, pluginName } from "../../agent/claude-code/plugin-files.ts";
import { agentFolder, type InstallRecord, readRecord } from "../../agent/claude-code/record.ts";
import { JsonFile } from "../../agent/json-file.ts";
import { launcherPath } from "../../agent/launcher.ts";
import { callFromShell, onPath, programOf } from "../../agent/program.ts";
import { readIfThere } from "../../agent/replace-file.ts";
import type { Host } from "../../host.ts";
import { type Check, type Finding, ok } from "./check.ts";

const installFirst = (call: string) => `${call} install`;

/** The agent's program is there and says its version. */
export const agent: Check = {
  name: "agent",
  async look({ host }) {
    const claude = await findClaude(host);
    if (claude !== undefined) return ok(`Claude Code ${claude.version} at ${claude.path}`);
    return {
      state: "warn",
      what: "Claude Code is not on the PATH of this shell; claudemesh works without it",
      next: "npm install -g @anthropic-ai/claude-code",
    };
  },
};

/** What this home put into the agent is whole and starts this very program. */
const installed = (
  name: string,
  isWhole: (host: Host, record: InstallRecord) => boolean,
  what: string,
): Check => ({
  name,
  async look({ host }) {
    const record = readRecord(host.home);
    if (record === undefined) {
      return { state: "warn", what: "not installed into an agent", next: installFirst(host.call) };
    }
    if (isWhole(host, record)) return ok(what);
    const stale: Finding = {
      state: "fail",
      what: `${what}: missing, changed, or of another place or version of claudemesh`,
      next: installFirst(host.call),
    };
    const claude = await findClaude(host);
    if (claude === undefined) return stale;
    const { hooks, statusLine } = record;
    return {
      ...stale,
      mend: async () => void (await installInto(claude, host, { hooks, statusLine })),
    };
  },
});

export const mcpEntry = installed(
  "mcp entry",
  (host, record) => isCurrent(host, record, /\.mcp\.json$/),
  "the agent starts the push-pipe",
);

export const hooks = installed(
  "hooks",
  (host, record) => !record.hooks || isCurrent(host, record, /hooks\.json$/),
  "the agent runs the hooks",
);

export const skill = installed(
  "skills",
  (host, record) => isCurrent(host, record, /SKILL\.md$/),
  "the agent finds the skills",
);

/** Whether the files of one kind are as this program would write them, and the agent was told to use them. */
function isCurrent(host: Host, record: InstallRecord, kind: RegExp): boolean {
  const program = programOf(host);
  const call = callFromShell(host, launcherPath(host.home));
  const files = pluginFiles({ program, call, version: host.version, hooks: record.hooks });
  const isWritten = [...files].every(
    ([path, text]) =>
      !kind.test(path) ||
      readIfThere(join(agentFolder(host.home), path))?.toString("utf8") === text,
  );
  const paths = claudePaths(host);
  const isTold =
    record.way === "plugin"
      ? new JsonFile(paths.settings).at(["enabledPlugins", pluginId]) === true
      : new JsonFile(paths.state).at(["mcpServers", pluginName]) !== undefined;
  return isWritten && isTold;
}

/** A shell finds the program by its name. */
export const path: Check = {
  name: "path",
  async look({ host }) {
    const found = onPath("claudemesh", host);
    if (found !== undefined) return ok(found);
    const launcher = launcherPath(host.home);
    const instead = existsSync(launcher) ? `; agents use ${launcher}` : "";
    return { state: "ok", what: `claudemesh is not on the PATH; run it as ${host.call}${instead}` };
  },
};
