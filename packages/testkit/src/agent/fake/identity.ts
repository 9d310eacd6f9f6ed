import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Flags } from "./flags.ts";

/** What stays the same through one run of the fake. */
export interface Identity {
  readonly session: string;
  readonly cwd: string;
  readonly config: string;
  readonly transcript: string;
  readonly socket: string;
  readonly token: string;
  readonly entrypoint: "sdk-cli" | "cli";
  readonly permissionMode: string;
}

export function createIdentity(flags: Flags): Identity {
  const { CLAUDE_CONFIG_DIR, HOME = "", XDG_RUNTIME_DIR, TMPDIR = "/tmp" } = process.env;
  const session = flags.session ?? randomUUID();
  const cwd = process.cwd();
  const config = CLAUDE_CONFIG_DIR ?? join(HOME, ".claude");
  const folder = join(config, "projects", cwd.replaceAll(/[^a-zA-Z0-9]/g, "-"));
  return {
    session,
    cwd,
    config,
    transcript: join(folder, `${session}.jsonl`),
    socket: join(XDG_RUNTIME_DIR ?? TMPDIR, "cc-socks", `${process.pid}.sock`),
    token: randomBytes(16).toString("hex"),
    entrypoint: flags.print ? "sdk-cli" : "cli",
    permissionMode: flags.permissionMode,
  };
}

export interface PluginPlace {
  readonly name: string;
  readonly root: string;
  readonly data: string;
}

type Env = Record<string, string>;

const inbox = ({ socket, token }: Identity): Env => ({
  CLAUDE_CODE_MESSAGING_SOCKET: socket,
  CLAUDE_CODE_MESSAGING_TOKEN: token,
});

/** Where the real one keeps notes on what its children started. */
const notes = ({ cwd, session }: Identity): string =>
  join(
    process.env.TMPDIR ?? "/tmp",
    `claude-${process.getuid?.() ?? 0}`,
    cwd.replaceAll(/[^a-zA-Z0-9]/g, "-"),
    session,
    "started",
  );

const common = (identity: Identity, plugin: PluginPlace | undefined): Env => ({
  ...(process.env as Env),
  AI_AGENT: "claude-code_2-1-329_harness",
  CLAUDECODE: "1",
  CLAUDE_CODE_ENTRYPOINT: identity.entrypoint,
  CLAUDE_CODE_SESSION_ID: identity.session,
  CLAUDE_PROJECT_DIR: identity.cwd,
  CLAUDE_CODE_CHILD_NOTES_DIR: notes(identity),
  ...(plugin && { CLAUDE_PLUGIN_ROOT: plugin.root, CLAUDE_PLUGIN_DATA: plugin.data }),
});

/** The environment of a stdio MCP server: the session's, without the mark of a child session. */
export const serverEnv = (identity: Identity, plugin: PluginPlace | undefined): Env => ({
  ...common(identity, plugin),
  ...inbox(identity),
  CLAUDE_CODE_LAUNCHED_BY_SESSION_IDS: identity.session,
});

/** The environment of a hook or of a shell command. At SessionEnd the inbox is no longer named. */
export const childEnv = (
  identity: Identity,
  event: string | undefined,
  plugin?: PluginPlace,
): Env => ({
  ...common(identity, plugin),
  ...(event === "SessionEnd" ? {} : inbox(identity)),
  CLAUDE_CODE_CHILD_SESSION: "1",
  CLAUDE_CODE_SESSION_ATTENDED: identity.entrypoint === "cli" ? "1" : "0",
  CLAUDE_PID: String(process.pid),
  ...(/Tool/.test(event ?? "") ? { CLAUDE_EFFORT: "medium" } : {}),
  ...(event === "SessionStart"
    ? { CLAUDE_ENV_FILE: join(identity.config, "session-env", identity.session, "start.sh") }
    : {}),
});
