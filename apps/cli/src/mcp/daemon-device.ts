import { headers, openDaemon, socketDevice } from "@claudemesh/local-link";
import { MeshError } from "@claudemesh/protocol";
import type { HostDaemon } from "../host.ts";

export interface DaemonParts {
  readonly daemon: HostDaemon;
  readonly version: string;
  readonly agentSession: string;
  readonly random: (length: number) => Uint8Array;
  readonly timer: (ms: number, fn: () => void) => () => void;
}

/** This home's device through its daemon, on behalf of one agent session; connected when it is first asked for. */
export function daemonDevice(parts: DaemonParts): () => Promise<ReturnType<typeof socketDevice>> {
  const { daemon, version, agentSession, random, timer } = parts;
  const access = {
    place: daemon.place,
    version,
    headers: {
      [headers.reader]: Buffer.from(random(9)).toString("hex"),
      [headers.session]: encodeURIComponent(agentSession),
    },
    spawn: daemon.spawn,
  };
  let opened: Promise<ReturnType<typeof socketDevice>> | undefined;
  const open = async () => {
    const client = await openDaemon(access);
    if (client === undefined) throw new MeshError("unavailable", "the daemon is not running");
    return socketDevice({ client, reopen: () => openDaemon(access), warn: () => {}, timer });
  };
  return () => {
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
