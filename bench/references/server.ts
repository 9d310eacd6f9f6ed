import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Resources, requireOpen } from "../resources.ts";

/** Where a program is, or undefined when this machine does not have it; Debian keeps servers out of users' PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The first version number that `--version` prints. */
export function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? "unknown version";
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts a server that ends with the bench, and answers what `connect` makes once it succeeds. */
export async function startServer<T>(
  resources: Resources,
  command: readonly [string, ...string[]],
  connect: () => Promise<T>,
): Promise<{ readonly pid: number; readonly client: T }> {
  requireOpen(resources);
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  resources.defer(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  for (let tries = 0; ; tries += 1) {
    try {
      return { pid: child.pid ?? 0, client: await connect() };
    } catch (error) {
      if (child.exitCode !== null || tries > 250) throw error;
      await setTimeout(20);
    }
  }
}
