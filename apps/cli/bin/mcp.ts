import { homedir } from "node:os";
import { localHost, postRaw, socketOf } from "@claudemesh/local-link/raw";
import manifest from "../package.json" with { type: "json" };
import { chosenTools } from "../src/mcp/chosen-tools.ts";
import type { DaemonParts } from "../src/mcp/daemon-device.ts";
import type { ToolSet } from "../src/mcp/mcp-server.ts";
import { runMcp } from "../src/mcp/run-mcp.ts";
import type { SkillSet } from "../src/mcp/skill-set.ts";
import { readToolsFile, toolsFile, watchToolsFile } from "../src/mcp/tools-file.ts";
import { wishOfEnvironment } from "../src/mcp/wished-tools.ts";
import { placeOf, startDaemon } from "./light.ts";

const postMs = 5_000;

/** `claudemesh mcp` as the whole of a process: serves until its agent leaves or asks it to end. */
export async function run(home: string): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stop.abort());
  }
  const place = placeOf(home);
  const file = toolsFile(home);
  const wished = wishOfEnvironment(process.env);
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
    tools: (agentSession) =>
      chosenTools({
        wish: () => wished ?? readToolsFile(file),
        load: () => loadTools(home, agentSession),
        onUnknown: (names) =>
          process.stderr.write(`claudemesh mcp: there is no tool ${names.join(", ")}\n`),
      }),
    skills: (agentSession) => loadSkills(home, agentSession),
    watchTools: (changed) => (wished === undefined ? watchToolsFile(file, changed) : () => {}),
    signal: stop.signal,
  });
  process.exit(0);
}

async function loadTools(home: string, agentSession: string): Promise<ToolSet> {
  const [{ daemonTools }, parts] = await Promise.all([
    import("../src/mcp/daemon-tools.ts"),
    partsOf(home, agentSession),
  ]);
  return daemonTools(parts);
}

async function loadSkills(home: string, agentSession: string): Promise<SkillSet> {
  const [{ daemonSkills }, parts] = await Promise.all([
    import("../src/mcp/daemon-skills.ts"),
    partsOf(home, agentSession),
  ]);
  return daemonSkills(parts);
}

async function partsOf(home: string, agentSession: string): Promise<DaemonParts> {
  const { hostDaemon } = await import("./host-daemon.ts");
  return {
    daemon: hostDaemon(home),
    version: manifest.version,
    agentSession,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    timer: (ms, fn) => {
      const handle = setTimeout(fn, ms);
      return () => clearTimeout(handle);
    },
  };
}
