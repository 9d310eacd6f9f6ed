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
  /** who can reach it, and how: one sentence */
  readonly exposed: string;
  /** Ends gracefully; what was acknowledged is stored. */
  stop(): Promise<void>;
}

/** What the command line asks of a broker in its own process; what is left out comes from the environment or the broker's defaults. */
export interface BrokerSettings {
  /** settings as the broker's own program takes them: `--port=7900` */
  readonly flags: readonly string[];
  /** where the data goes when neither a flag nor the environment says */
  readonly defaultDataDir: string;
  /** keep to the data folder, whatever database the environment names */
  readonly isEmbedded?: boolean;
}

export type StartBroker = (settings: BrokerSettings) => Promise<RunningBroker>;

/** One thing that a check of a broker's data looked at. */
export interface BrokerChecked {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly mesh?: string;
}

/** A table of a broker's data that was moved and read back. */
export interface BrokerMoved {
  readonly table: string;
  readonly rows: number;
  /** over all rows in the order of their key */
  readonly hash: string;
}

/** What is done to a broker's data folder, beside the broker or while it is stopped, and to what was carried away from it. */
export interface BrokerUpkeep {
  /** Checks an exported audit chain, with nothing but the file. */
  checkAuditFile(wish: {
    readonly file: string;
    readonly key?: string | undefined;
    readonly seen?: string | undefined;
  }): Promise<{
    readonly valid: boolean;
    readonly first?: { readonly seq: number; readonly why: string };
    readonly rows: number;
    readonly head: { readonly seq: number; readonly key: string };
  }>;
  /** Copies it while the broker may run; `tell` is told pages done and in all. */
  backup(
    wish: { readonly folder: string; readonly to: string },
    tell: (done: number, total: number) => void,
  ): Promise<{
    readonly at: number;
    readonly bytes: number;
    readonly keys: boolean;
    readonly meshes: readonly { readonly slug: string; readonly seq: number }[];
  }>;
  /** Checks it while the broker may run. */
  check(
    wish: { readonly folder: string },
    tell: (checked: BrokerChecked) => void,
  ): Promise<readonly BrokerChecked[]>;
  erase(wish: {
    readonly folder: string;
    readonly mesh: string;
    readonly member: string;
  }): Promise<{ readonly member: string; readonly rows: Readonly<Record<string, number>> }>;
  exportMesh(wish: {
    readonly folder: string;
    readonly mesh: string;
    readonly to: string;
  }): Promise<{ readonly mesh: string; readonly rows: Readonly<Record<string, number>> }>;
  migrate(wish: {
    readonly folder: string;
    readonly dry: boolean;
  }): Promise<{ readonly applied: readonly string[]; readonly pending: readonly string[] }>;
  /** Moves what is stored to the database that the environment names; `tell` is told of each table as it was read back. */
  migrateStore(
    wish: { readonly folder: string },
    tell: (moved: BrokerMoved) => void,
  ): Promise<readonly BrokerMoved[]>;
  /** `tell` is told of each table that a database was given. */
  restore(
    wish: { readonly from: string; readonly folder: string; readonly force: boolean },
    tell: (moved: BrokerMoved) => void,
  ): Promise<{
    readonly at: number;
    readonly meshes: readonly { readonly slug: string; readonly seq: number }[];
    readonly aside?: string;
  }>;
  vacuum(wish: {
    readonly folder: string;
  }): Promise<{ readonly before: number; readonly after: number }>;
}

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
  /** loads what keeps a broker's data folder in order */
  readonly loadUpkeep: (flags?: readonly string[]) => Promise<BrokerUpkeep>;
}
