import {
  isRunning,
  LinkLost,
  openDaemon,
  SocketClient,
  socketOf,
} from "@claudemesh/local-link/light";
import { MeshError } from "@claudemesh/protocol/light";
import type { Host, HostDaemon } from "../../host.ts";

const askMs = 5_000;
const lookMs = 20;
/** A daemon that ends hands over what is due first. */
const endMs = 15_000;

/** How this home's daemon is reached. Throws `unavailable` where this program has none. */
export function daemonOf({ daemon }: Host): HostDaemon {
  if (daemon !== undefined) return daemon;
  throw new MeshError("unavailable", "this program runs without a daemon");
}

/** Runs `ask` against the daemon that runs, of whatever version; undefined where none does. */
export async function ifRunning<T>(
  host: Host,
  ask: (client: SocketClient) => Promise<T>,
): Promise<T | undefined> {
  const client = new SocketClient({ socketPath: socketOf(daemonOf(host).place), headers: {} });
  try {
    return await ask(client);
  } catch (error) {
    if (!(error instanceof LinkLost)) throw error;
    if (error.wasSent) throw silent(error);
    return undefined;
  } finally {
    client.close();
  }
}

/** Starts the daemon unless one of this version runs, and runs `ask` against it. */
export async function withDaemon<T>(
  host: Host,
  ask: (client: SocketClient) => Promise<T>,
): Promise<T> {
  const { place, spawn } = daemonOf(host);
  const client = await openDaemon({ place, version: host.version, headers: {}, spawn });
  if (client === undefined) throw new MeshError("unavailable", "the daemon could not be started");
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}

/** Starts the daemon unless one of this version runs; answers what it says of itself. */
export const ensureDaemon = (host: Host) =>
  withDaemon(host, (client) => client.route("hello", {}, askMs));

/** Asks the daemon to end and waits until it has; false where none ran. Throws `unavailable` when it does not end. */
export async function endDaemon(host: Host): Promise<boolean> {
  const hello = () => ifRunning(host, (client) => client.route("hello", {}, askMs));
  const first = await hello();
  if (first === undefined) return false;
  await ifRunning(host, (client) => client.route("stop", {}, askMs));
  const deadline = host.now() + endMs;
  while (host.now() < deadline && !host.signal.aborted) {
    if (!isRunning(first.pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  throw new MeshError("unavailable", `the daemon (process ${first.pid}) does not end`, {
    hint: "look with claudemesh daemon logs, or end the process",
  });
}

const silent = (cause: LinkLost): MeshError =>
  new MeshError("unavailable", "the daemon of this home runs and does not answer", {
    hint: "look with claudemesh daemon logs, or end the process",
    cause,
  });
