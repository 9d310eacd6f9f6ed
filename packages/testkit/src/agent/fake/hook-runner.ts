import { spawn } from "node:child_process";
import { text as readText } from "node:stream/consumers";
import type { HookRun } from "./hook-output.ts";
import { childEnv, type Identity } from "./identity.ts";
import type { McpServer } from "./mcp-server.ts";
import { expand, type HookEntry } from "./plugins.ts";

const defaultSeconds: Readonly<Record<string, number>> = { UserPromptSubmit: 30, SessionEnd: 1.5 };

type Answer = Pick<HookRun, "stdout" | "stderr" | "exit">;
type Input = Readonly<Record<string, unknown>>;

/** The command as the real program names it to the model. */
export function commandText(entry: HookEntry, expanded: boolean): string {
  const { command = "", args = [], url } = entry.handler;
  const words = [url ?? command, ...args].join(" ");
  return expanded ? expand(words, entry.plugin) : words;
}

async function runCommand(
  entry: HookEntry,
  input: Input,
  identity: Identity,
  signal: AbortSignal,
): Promise<Answer> {
  const { command = "", args } = entry.handler;
  const words = args?.map((word) => expand(word, entry.plugin));
  const [program, list] =
    words === undefined
      ? ["/bin/sh", ["-c", expand(command, entry.plugin)]]
      : [expand(command, entry.plugin), words];
  const env = childEnv(identity, String(input.hook_event_name), entry.plugin);
  const child = spawn(program, list, { cwd: identity.cwd, env, signal });
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(input));
  const [stdout, stderr, exit] = await Promise.all([
    readText(child.stdout),
    readText(child.stderr),
    ended,
  ]);
  return { stdout, stderr, exit };
}

async function runHttp(entry: HookEntry, input: Input, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(entry.handler.url ?? "", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
    signal,
  });
  return { stdout: await response.text(), stderr: "", exit: response.ok ? 0 : 1 };
}

/** Fills `${path}` in a string of an `mcp_tool` hook's input with the field of the hook's JSON. */
const fill = (value: unknown, input: Input): unknown =>
  typeof value === "string"
    ? value.replaceAll(/\$\{([\w.]+)\}/g, (_, path: string) => {
        const found = path.split(".").reduce<unknown>((at, key) => (at as Input)?.[key], input);
        return typeof found === "string" ? found : (JSON.stringify(found) ?? "");
      })
    : value;

async function runTool(
  entry: HookEntry,
  input: Input,
  servers: readonly McpServer[],
): Promise<Answer> {
  const { server: name, tool = "", input: given = {} } = entry.handler;
  const server = servers.find((item) => item.name === name);
  if (server === undefined) return { stdout: "", stderr: `no server ${name}`, exit: 1 };
  const filled = Object.entries(given).map(([key, value]) => [key, fill(value, input)]);
  const result = await server.callTool(tool, Object.fromEntries(filled));
  const stdout = result.content.map((block) => block.text ?? "").join("");
  // Of a tool's plain text the model sees only that there was some.
  const completed = `${String(input.hook_event_name)} completed`;
  return { stdout: stdout.startsWith("{") ? stdout : completed, stderr: "", exit: 0 };
}

/** Runs one handler. A failure or a missed deadline is an answer without effect; a kind that the fake lacks throws. */
export async function runHook(
  entry: HookEntry,
  input: Input,
  identity: Identity,
  servers: readonly McpServer[],
): Promise<HookRun> {
  const { type, timeout } = entry.handler;
  const event = String(input.hook_event_name);
  const start = performance.now();
  const signal = AbortSignal.timeout(1000 * (timeout ?? defaultSeconds[event] ?? 600));
  const kinds: Readonly<Record<string, () => Promise<Answer>>> = {
    command: () => runCommand(entry, input, identity, signal),
    http: () => runHttp(entry, input, signal),
    mcp_tool: () => runTool(entry, input, servers),
  };
  const kind = kinds[type];
  if (kind === undefined) throw new Error(`the fake runs no hooks of type ${type}`);
  const answer = await kind().catch((error: unknown) => ({
    stdout: "",
    stderr: String(error),
    exit: 1,
  }));
  return { entry, ...answer, durationMs: Math.round(performance.now() - start) };
}
