import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isRunning, LinkLost, SocketClient } from "@claudemesh/local-link";

const endMs = 90_000;

/** Ends the daemons of the homes that lie in `folder`, and waits until their processes are gone. */
export async function stopDaemons(folder: string): Promise<void> {
  const homes = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  const sockets = homes.map(({ name }) => join(folder, name, "daemon.sock"));
  await Promise.all(sockets.filter((path) => existsSync(path)).map(stopDaemon));
}

async function stopDaemon(socketPath: string): Promise<void> {
  const client = new SocketClient({ socketPath, headers: {} });
  try {
    const { pid } = await client.route("hello", {}, endMs);
    await client.route("stop", {}, endMs);
    await processEnd(pid);
  } catch (error) {
    // Nobody listens there any more.
    if (!(error instanceof LinkLost)) throw error;
  } finally {
    client.close();
  }
}

/** Settles when the daemon of that home has the feed of each of its meshes; at once where none listens. */
export async function untilOnline(home: string): Promise<void> {
  const socketPath = join(home, "daemon.sock");
  if (!existsSync(socketPath)) return;
  const client = new SocketClient({ socketPath, headers: {} });
  const deadline = Date.now() + endMs;
  try {
    for (;;) {
      const { meshes } = await client.route("status", {}, endMs);
      if (meshes.length > 0 && meshes.every(({ link }) => link === "open")) return;
      if (Date.now() > deadline) throw new Error(`the daemon of ${home} does not connect`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    client.close();
  }
}

/** Settles when no process of that id runs. Throws when one still does after a while. */
export async function processEnd(pid: number): Promise<void> {
  const deadline = Date.now() + endMs;
  while (isRunning(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} does not end`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
