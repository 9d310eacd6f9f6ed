import type { LocalDevice } from "@claudemesh/device";
import type { Agents } from "./agents/agents.ts";
import type { DaemonLog } from "./log/rotating-log.ts";
import type { PersonalBroker } from "./personal-broker.ts";
import type { PeerCounts } from "./presence/peer-counts.ts";
import type { Readers } from "./server/readers.ts";

/** Runs `fn` after `ms`; answers a canceller. */
export type Timer = (ms: number, fn: () => void) => () => void;

/** What every route and every part that runs by itself works with; built once, in `startDaemon`. */
export interface DaemonContext {
  readonly device: LocalDevice;
  /** the agent sessions and what is handed to them */
  readonly agents: Agents;
  /** who else is online */
  readonly peers: PeerCounts;
  /** the broker of this home's own meshes */
  readonly personal: PersonalBroker;
  /** who is connected, each with what it was shown */
  readonly readers: Readers;
  readonly log: DaemonLog;
  readonly timer: Timer;
  /** milliseconds since the Unix epoch */
  readonly now: () => number;
  readonly home: string;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly memory: () => { readonly rss: number; readonly heapUsed: number };
  /** aborted when the daemon begins to end: what runs by itself ends with it */
  readonly stopping: AbortSignal;
  /** Begins to end the daemon. */
  readonly stop: (reason: string) => void;
}
