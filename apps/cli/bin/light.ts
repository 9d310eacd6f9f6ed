import { tmpdir } from "node:os";
import type { SocketPlace } from "@claudemesh/local-link/raw";

/** Where a home's daemon listens, for the verbs that load nothing else. */
export const placeOf = (home: string): SocketPlace => ({
  home,
  platform: process.platform,
  uid: process.getuid?.(),
  tempDir: tmpdir(),
  env: process.env,
});

/** Starts the home's daemon and settles when it serves; rejects when it does not come up. */
export async function startDaemon(home: string): Promise<void> {
  const { hostDaemon } = await import("./host-daemon.ts");
  const report = await hostDaemon(home).spawn();
  if (report.is === "failed") throw new Error("the daemon did not start");
}
