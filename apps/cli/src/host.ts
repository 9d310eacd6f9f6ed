import type { Readable, Writable } from "node:stream";

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
  readonly version: string;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** aborted by Ctrl-C or a request to end */
  readonly signal: AbortSignal;
  /** loads the broker only when it is asked for */
  readonly loadBroker: () => Promise<StartBroker>;
}
