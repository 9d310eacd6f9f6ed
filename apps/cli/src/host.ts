import type { Readable, Writable } from "node:stream";
import type { SocketPlace, StartReport } from "@claudemesh/local-link";

/** Where text goes: a stream that may be a terminal. */
export interface Out extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface In extends Readable {
  readonly isTTY?: boolean;
}

/** What a started broker offers the command line. */
export interface RunningBroker {
  /** base URL with the real port, as this machine dials it */
  readonly url: string;
  /** base URL that goes into links */
  readonly publicUrl: string;
  /** the address that it listens on */
  readonly host: string;
  readonly dataDir: string;
  /** Ends gracefully; what was acknowledged is stored. */
  stop(): Promise<void>;
}

/** What the command line asks of a broker in its own process; what is left out comes from the environment or the broker's defaults. */
export interface BrokerSettings {
  readonly host?: string;
  readonly port?: number;
  readonly dataDir?: string;
  readonly publicUrl?: string;
  /** where the data goes when neither a flag nor the environment says */
  readonly defaultDataDir: string;
}

export type StartBroker = (settings: BrokerSettings) => Promise<RunningBroker>;

/** How the daemon of this home is reached, started and run. */
export interface HostDaemon {
  /** where its socket lies */
  readonly place: SocketPlace;
  /** the program and arguments that run it as a process of its own */
  readonly command: readonly [string, ...string[]];
  /** Starts it, detached; settles with what it says of its start. */
  readonly spawn: () => Promise<StartReport>;
  /** Runs it in this process until it ends, calling `ready` once it serves; answers why it ended. Throws `in_use` while another runs. */
  readonly run: (ready: () => void) => Promise<string>;
}

/** Everything outside that the command line touches; `bin/` makes the real one. */
export interface Host {
  readonly stdin: In;
  readonly stdout: Out;
  readonly stderr: Out;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** the home folder of claudemesh */
  readonly home: string;
  readonly hostName: string;
  readonly userName: string;
  readonly tempDir: string;
  /** how a person calls this program: `claudemesh` or `npx claudemesh` */
  readonly call: string;
  /** how this program is started again: the running Node, the entry file, and the home that it finds without being told */
  readonly program: { readonly node: string; readonly entry: string; readonly defaultHome: string };
  /** the person's own folder */
  readonly userFolder: string;
  readonly version: string;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** names this run of the program; no two that run at once share it */
  readonly run: string;
  /** aborted by Ctrl-C or a request to end */
  readonly signal: AbortSignal;
  /** the daemon of this home; absent where verbs work in this process only */
  readonly daemon?: HostDaemon;
  /** Runs what an agent's program calls by itself, and ends the process with it. */
  readonly agentSide: (name: "hook" | "mcp" | "status-line") => Promise<void>;
  /** loads the broker only when it is asked for */
  readonly loadBroker: () => Promise<StartBroker>;
}
