import { spawn } from "node:child_process";
import { MeshError } from "@claudemesh/protocol/light";
import type { Host } from "../../host.ts";
import { onPath } from "../program.ts";

/** A Claude Code program that answered. */
export interface ClaudeBinary {
  readonly path: string;
  readonly version: string;
}

export interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const runMs = 60_000;
/** more than any answer that is looked at */
const mostChars = 1 << 20;

/** Finds `claude`: CLAUDEMESH_CLAUDE names it, else the PATH has it. Undefined where there is none, or where it does not say its version. */
export async function findClaude(host: Host): Promise<ClaudeBinary | undefined> {
  const path = host.env.CLAUDEMESH_CLAUDE || onPath("claude", host);
  if (path === undefined) return undefined;
  const { exit, stdout } = await runClaude(path, ["--version"], host);
  const version = /^(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  return exit === 0 && version !== undefined ? { path, version } : undefined;
}

/** `findClaude`, or `agent_missing` with what to do. */
export async function requireClaude(host: Host, verb: string): Promise<ClaudeBinary> {
  const found = await findClaude(host);
  if (found !== undefined) return found;
  throw new MeshError("agent_missing", "Claude Code is not on the PATH of this shell", {
    hint: `install it with npm install -g @anthropic-ai/claude-code, then run ${host.call} ${verb} again`,
  });
}

/** Runs one command of Claude Code to its end, with nothing on its standard input. A program that cannot be started counts as exit null. */
export async function runClaude(
  path: string,
  args: readonly string[],
  { env, signal }: Host,
): Promise<Ran> {
  const child = spawn(path, args, {
    env,
    signal,
    timeout: runMs,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (part: string) => {
      if (texts[name].length < mostChars) texts[name] += part;
    });
  }
  const exit = await new Promise<number | null>((resolve) => {
    child.on("error", () => resolve(null));
    child.on("close", resolve);
  });
  return { ...texts, exit };
}
