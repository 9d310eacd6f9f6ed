import { spawn } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { MeshError } from "@claudemesh/protocol";
import type { Timer } from "../context.ts";

const mostMs = 60_000;
const mostBytes = 100 * 1024 * 1024;
const mostOutput = 32 * 1024 * 1024;
const lookMs = 200;

/** What no repository and no setting of this machine may bring in: hooks, helpers, filters, other transports, questions at the terminal. */
const settings = (protocol: string): readonly string[] =>
  [
    "protocol.allow=never",
    `protocol.${protocol}.allow=always`,
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.askPass=",
    "credential.helper=",
    "credential.interactive=false",
    "fetch.recurseSubmodules=false",
    "submodule.recurse=false",
    // One that outlives its parent ends by itself where the other side says nothing.
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=30",
    "transfer.bundleURI=false",
    "transfer.fsckObjects=true",
  ].flatMap((one) => ["-c", one]);

export interface GitRun {
  /** where it may write: its only home */
  readonly folder: string;
  /** the one transport that it may use */
  readonly protocol: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly timer: Timer;
}

/** Runs the installed git without a shell, bounded in time, disk and output. Throws `malformed` with its last words, `not_found` where there is none, `timeout`, `too_large`. */
export async function runGit({ folder, protocol, args, input, timer }: GitRun): Promise<Buffer> {
  const child = spawn("git", [...settings(protocol), ...args], {
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      HOME: folder,
      LC_ALL: "C",
      GIT_ALLOW_PROTOCOL: protocol,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      GIT_NO_REPLACE_OBJECTS: "1",
    },
  });
  const parts: Buffer[] = [];
  let size = 0;
  let said = "";
  let failure: MeshError | undefined;
  const end = (error: MeshError) => {
    failure ??= error;
    child.kill("SIGKILL");
  };
  const cancels = [
    timer(mostMs, () => end(new MeshError("timeout", `source: git took over ${mostMs} ms`))),
  ];
  const look = () => {
    if (bytesIn(folder) > mostBytes) end(tooLarge());
    cancels[1] = timer(lookMs, look);
  };
  look();
  child.stdout.on("data", (part: Buffer) => {
    size += part.length;
    if (size > mostOutput) end(tooLarge());
    else parts.push(part);
  });
  child.stderr.on("data", (part: Buffer) => {
    said = `${said}${part.toString("utf8")}`.slice(-2_000);
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (failure !== undefined) throw failure;
    if (code === 0) return Buffer.concat(parts);
    const line = said.trim().split("\n").at(-1) ?? "";
    throw new MeshError("malformed", `source: git refused it: ${line.slice(0, 300)}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new MeshError("not_found", "git is not installed on this machine");
  } finally {
    for (const cancel of cancels) cancel();
  }
}

const tooLarge = (): MeshError =>
  new MeshError("too_large", `source: the repository is over ${mostBytes} bytes`);

/** Files come and go meanwhile. */
function bytesIn(folder: string): number {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) bytes += sizeOf(join(entry.parentPath, entry.name));
    }
  } catch {
    return bytes;
  }
  return bytes;
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path).size;
  } catch {
    return 0;
  }
}
