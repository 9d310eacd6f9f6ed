import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after } from "node:test";
import type { AgentSession, LocalDevice, StartInfo } from "@claudemesh/device";
import type { EdgeOpName, OpenInput, OpenOutput } from "@claudemesh/protocol";

const agents = new Set<ChildProcess>();
after(() => {
  for (const agent of agents) agent.kill("SIGKILL");
});

/** A process that stands for an agent's: it waits until it is ended, at the latest with the test file. */
export async function agentProcess(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: "pipe" });
  agents.add(child);
  await once(child, "spawn");
  return child;
}

/** What is told of an agent session that a process runs. */
export const describe = (
  agentSession: string,
  child: ChildProcess,
  over: Partial<StartInfo> = {},
): StartInfo => ({
  agentSession,
  agent: "claude-code",
  pid: child.pid ?? 0,
  cwd: `/src/${agentSession}`,
  host: "workshop",
  ...over,
});

/** Registers an agent session with a process of its own. */
export async function startSession(
  device: LocalDevice,
  name: string,
  over: Partial<StartInfo> = {},
): Promise<{ readonly child: ChildProcess; readonly session: AgentSession }> {
  const child = await agentProcess();
  return { child, session: device.sessions.start(describe(name, child, over)) };
}

/** Calls an operation as an agent session does, and confirms what it was shown. */
export async function callAs<N extends EdgeOpName>(
  device: LocalDevice,
  agentSession: string,
  name: N,
  input: OpenInput<N>,
): Promise<OpenOutput<N>> {
  const reader = device.reader({ agentSession });
  try {
    const answer = await reader.call(name, input);
    await reader.confirmHandOver();
    return answer;
  } finally {
    await reader.close();
  }
}
