import type { LocalDevice } from "@claudemesh/device";
import type { MeshId } from "@claudemesh/protocol";
import type { Timer } from "../daemon-context.ts";
import type { DaemonLog } from "../log/rotating-log.ts";

/** What the agents' side of the daemon works with. */
export interface AgentsContext {
  readonly device: LocalDevice;
  readonly timer: Timer;
  readonly now: () => number;
  readonly log: DaemonLog;
  /** name of this machine, as peers see it */
  readonly hostName: string;
  /** the home's folder */
  readonly home: string;
  /** who of a mesh is online, by name, as far as it is known */
  readonly online: (mesh: MeshId) => readonly string[];
  readonly stopping: AbortSignal;
}
