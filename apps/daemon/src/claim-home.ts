import { join } from "node:path";
import { ensureHome, type OsLock, takeOsLock } from "@claudemesh/device/lock";
import { SocketClient, type SocketPlace, socketOf } from "@claudemesh/local-link";
import { MeshError } from "@claudemesh/protocol";
import type { Timer } from "./daemon-context.ts";

const lookMs = 40;
/** How long a daemon that is ending, or only beginning, is waited for. */
const waitMs = 15_000;
const helloMs = 2_000;

export const lockName = "daemon.lock";

/**
 * Makes this process the one daemon of a home: its lock, or `taken` where one of the same version serves it already. The operating system drops the lock of a
 * process however that ends. Throws `in_use` when another holds it for long and does not answer, and what keeps the home from being made.
 */
export async function claimHome(
  place: SocketPlace,
  version: string,
  { now, timer }: { readonly now: () => number; readonly timer: Timer },
): Promise<OsLock | "taken"> {
  ensureHome(place.home);
  const deadline = now() + waitMs;
  for (;;) {
    const lock = takeOsLock(join(place.home, lockName), 0);
    if (lock !== undefined) return lock;
    if (await serves(place, version)) return "taken";
    if (now() >= deadline) {
      throw new MeshError("in_use", `another daemon holds ${place.home} and does not answer`, {
        hint: "end that process, then run it again",
      });
    }
    await new Promise<void>((resolve) => timer(lookMs, resolve));
  }
}

async function serves(place: SocketPlace, version: string): Promise<boolean> {
  const client = new SocketClient({ socketPath: socketOf(place), headers: {} });
  try {
    return (await client.route("hello", {}, helloMs)).version === version;
  } catch {
    return false;
  } finally {
    client.close();
  }
}
