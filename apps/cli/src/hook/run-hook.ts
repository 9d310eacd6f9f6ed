import type { Readable, Writable } from "node:stream";
import { trimmed } from "./trimmed.ts";

/** What the hook shim touches; `bin/` makes the real one. */
export interface HookHost {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** the process that ran this one, where the agent does not name its own */
  readonly parent: number;
  /** names this run to the daemon; no two that run at once share it */
  readonly call: string;
  /** posts JSON to the daemon and answers its text; rejects when there is none */
  readonly post: (path: string, body: unknown) => Promise<string>;
  /** starts the daemon and settles when it answers; rejects when it does not come up in time */
  readonly start: () => Promise<void>;
}

const path = "/v1/agent/hook";
const donePath = "/v1/agent/hook/done";

/** Environment that the daemon is told of; nothing secret is among it. */
const told = [
  "CLAUDECODE",
  "CLAUDEMESH_MESH",
  "CLAUDEMESH_NEWS",
  "CLAUDE_CODE_ENTRYPOINT",
  "CLAUDE_CODE_SESSION_ATTENDED",
  "CLAUDE_CODE_SESSION_ID",
  "CLAUDE_PID",
] as const;

/**
 * Passes what the agent says on standard input to the daemon and prints what it answers. Never throws and prints nothing where something fails: an agent must not
 * be held up. Only the start of a session starts a daemon.
 */
export async function runHook(host: HookHost): Promise<void> {
  try {
    const hook = trimmed(await readAll(host.stdin));
    if (hook === undefined) return;
    const body = { hook, env: environment(host.env), agent: "claude-code", call: host.call };
    const parent = { parent: host.parent };
    const text = await posted(host, { ...body, ...parent });
    if (text === "") return;
    await printed(host.stdout, text);
    // Told only after the text is in the agent's pipe: from then on it counts as handed over.
    await host.post(donePath, { call: host.call });
  } catch {
    return;
  }
}

async function posted(host: HookHost, body: { readonly hook: object }): Promise<string> {
  try {
    return await host.post(path, body);
  } catch (error) {
    const event = (body.hook as { hook_event_name?: unknown }).hook_event_name;
    if (event !== "SessionStart" || !isAbsent(error)) throw error;
    await host.start();
    return host.post(path, body);
  }
}

/** Whether nothing listens on the daemon's socket. */
const isAbsent = (error: unknown): boolean =>
  ["ENOENT", "ECONNREFUSED"].includes(String((error as { code?: unknown }).code));

function environment(env: HookHost["env"]): Record<string, string> {
  const chosen = told.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const messaging =
    env.CLAUDE_CODE_MESSAGING_SOCKET === undefined ? [] : [["messaging", "1"] as const];
  return Object.fromEntries([...chosen, ...messaging]);
}

async function readAll(stdin: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

const printed = (stdout: Writable, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
