import { homedir } from "node:os";
import { localHost, postRaw, socketOf } from "@claudemesh/local-link/raw";
import manifest from "../package.json" with { type: "json" };
import type { ToolSet } from "../src/mcp/mcp-server.ts";
import { runMcp } from "../src/mcp/run-mcp.ts";
import { wishedTools } from "../src/mcp/wished-tools.ts";
import { placeOf, startDaemon } from "./light.ts";

const postMs = 5_000;

/** `claudemesh mcp` as the whole of a process: serves until its agent leaves or asks it to end. */
export async function run(home: string): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stop.abort());
  }
  const place = placeOf(home);
  const socketPath = () => socketOf(place);
  await runMcp({
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
    cwd: process.cwd(),
    parent: process.ppid,
    userFolder: homedir(),
    version: manifest.version,
    socketPath,
    localHost,
    timer: (ms, fn) => {
      const handle = setTimeout(fn, ms);
      return () => clearTimeout(handle);
    },
    startDaemon: () => startDaemon(home),
    post: (path, body) => postRaw(socketPath(), path, body, postMs),
    nonce: String(process.hrtime.bigint()),
    tools: (agentSession) => toolsOf(home, agentSession),
    signal: stop.signal,
  });
  process.exit(0);
}

/** No tools unless they are wished for; then they are loaded at the first question for them. */
function toolsOf(home: string, agentSession: string): ToolSet {
  const wish = wishedTools(process.env);
  if (wish === "none") return { list: async () => [], call: async () => ({ content: [] }) };
  let loaded: Promise<ToolSet> | undefined;
  const load = () => (loaded ??= fatTools(home, agentSession, wish));
  return {
    list: async () => (await load()).list(),
    call: async (name, input) => (await load()).call(name, input),
  };
}

async function fatTools(
  home: string,
  agentSession: string,
  wish: "all" | ReadonlySet<string>,
): Promise<ToolSet> {
  const [{ daemonTools }, { hostDaemon }] = await Promise.all([
    import("../src/mcp/daemon-tools.ts"),
    import("./host-daemon.ts"),
  ]);
  return daemonTools({
    daemon: hostDaemon(home),
    version: manifest.version,
    agentSession,
    only: wish === "all" ? undefined : wish,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    timer: (ms, fn) => {
      const handle = setTimeout(fn, ms);
      return () => clearTimeout(handle);
    },
  });
}
