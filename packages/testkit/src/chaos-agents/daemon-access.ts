import type { Device } from "@claudemesh/device";
import { headers, openDaemon, socketDevice } from "@claudemesh/local-link";
import manifest from "../../../../apps/cli/package.json" with { type: "json" };
import { systemTimer } from "../faults/system-timer.ts";

/** A person's device behind the daemon's socket; with `agentSession` an agent session calls. Undefined where no daemon runs. */
export async function deviceAt(
  home: string,
  tempDir: string,
  reader: string,
  agentSession?: string,
): Promise<Device | undefined> {
  const access = {
    place: { home, platform: process.platform, tempDir, env: {} },
    version: manifest.version,
    headers: {
      [headers.reader]: reader,
      [headers.name]: reader.split("-")[0] ?? reader,
      ...(agentSession === undefined ? {} : { [headers.session]: agentSession }),
    },
  };
  const client = await openDaemon(access);
  if (client === undefined) return undefined;
  const reopen = () => openDaemon(access);
  return socketDevice({ client, reopen, warn: () => undefined, timer: systemTimer });
}
