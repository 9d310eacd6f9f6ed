import type { MemberSecret, OrderedIds, RandomSource } from "@claudemesh/crypto";
import type { MeshId, MessageId } from "@claudemesh/protocol";
import type { DueCalls } from "./calls/due-calls.ts";
import type { Once } from "./calls/once.ts";
import type { RunningFeed } from "./feed/run-feed.ts";
import type { Transfers } from "./files/transfers.ts";
import type { GuardLimits } from "./guards/limits.ts";
import type { HomeFolder, Log } from "./home/home-folder.ts";
import type { OfferedRows } from "./inbox/offered-rows.ts";
import type { Keyring } from "./keyring.ts";
import type { Rings } from "./keys/rings.ts";
import type { Linking } from "./linking/linking.ts";
import type { LinkAccess } from "./mesh-link/link-access.ts";
import type { RosterChecks } from "./mesh-link/roster-checks.ts";
import type { Rosters } from "./mesh-link/rosters.ts";
import type { DeviceEvents } from "./online/device-events.ts";
import type { OnlineMeshes } from "./online/online-meshes.ts";
import type { MessageTraces } from "./outbox/message-traces.ts";
import type { HomeSessions } from "./sessions/home-sessions.ts";
import type { HomeStore } from "./store/home-store.ts";
import type { MembershipRow } from "./store/memberships.ts";
import type { Listening } from "./streams/listening.ts";
import type { Publishing } from "./streams/publishing.ts";
import type { TypingNow } from "./topics/typing-now.ts";

/** Runs `fn` after `ms`; answers a canceller. */
export type Timer = (ms: number, fn: () => void) => () => void;

/** What every part of a device works with; built once, in `openDevice`. */
export interface DeviceContext {
  /** milliseconds since the Unix epoch, by this machine's clock */
  readonly now: () => number;
  readonly random: RandomSource;
  readonly timer: Timer;
  readonly log: Log;
  /** display name where none is given: the operating system's user name */
  readonly defaultName: string;
  /** broker where none is given, when this home is in no mesh yet */
  readonly defaultBroker: string | undefined;
  /** names this instance in claims on outbox and inbox rows */
  readonly token: string;
  readonly isClaimLive: (token: string) => boolean;
  /** claims of this process that have ended and could not be given back for want of space */
  readonly endedClaims: Set<string>;
  readonly home: HomeFolder;
  readonly store: HomeStore;
  readonly ids: OrderedIds;
  /** the identity seed, made on first need */
  readonly seed: () => Uint8Array;
  /** the seeds that this home had before, the newest first */
  readonly earlierSeeds: () => readonly Uint8Array[];
  /** makes another identity seed this home's, durably, after those that it had `earlier` */
  readonly takeSeed: (seed: Uint8Array, earlier?: readonly Uint8Array[]) => void;
  /** this home's secrets in one mesh */
  readonly secretOf: (row: MembershipRow) => MemberSecret;
  /** the keys in one mesh, wherever they come from a seed of this home, and the ones that are to take their place */
  readonly keyring: Keyring;
  readonly rosters: Rosters;
  /** what is verified behind a join */
  readonly checks: RosterChecks;
  /** the keys that it holds per mesh */
  readonly rings: Rings;
  /** the streams that this home listens to */
  readonly listening: Listening;
  /** counts what this process publishes to streams */
  readonly publishing: Publishing;
  /** who writes in which topic right now */
  readonly typing: TypingNow;
  readonly links: LinkAccess;
  /** what the guards allow */
  readonly guards: GuardLimits;
  /** aborted when the device is closed while calls are under way: they end as soon as they can */
  readonly closing: AbortController;
  /** told when something was stored that a waiting reader may want */
  readonly wake: Wake;
  /** the meshes whose feeds this instance keeps open, where it was told to */
  readonly online: OnlineMeshes;
  /** told what happens here */
  readonly events: DeviceEvents;
  /** the agent session for which this call is made, where one is */
  readonly agentSession: string | undefined;
  /** where the trace of who calls stands */
  readonly trace: string | undefined;
  readonly messageTraces: MessageTraces;
  /** the last removal of each mesh when its topics were last fetched */
  readonly topicsAsOf: Map<MeshId, number>;
  /** who does what is due, in the meshes that are kept open here */
  readonly dueCalls: DueCalls;
  /** of a call that a schedule makes, which is carried out once however often it is begun */
  readonly once?: Once;
  /** files on their way */
  readonly transfers: Transfers;
  /** the device link that is under way */
  readonly linking: Linking;
  /** the agent sessions of this home */
  readonly sessions: HomeSessions;
  /** feeds that this instance keeps open between two of its calls; whoever needs one takes it from here */
  readonly lingering: Map<MeshId, RunningFeed>;
  /** what this instance's readers were given and have not confirmed */
  readonly offered: OfferedRows;
  /** pings under way: told when their probe came back opened */
  readonly probes: Map<MessageId, (arrived: { pushed: number; opened: number }) => void>;
}

/** Waking those who wait within this process; other processes are noticed by looking. */
export class Wake {
  readonly #waiting = new Set<() => void>();
  #count = 0;

  /** how often it was called: whoever has seen this count has missed nothing */
  get count(): number {
    return this.#count;
  }

  /** Calls everyone who waits. */
  now(): void {
    this.#count += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Settles at the next `now()`, or after `ms` at the latest. */
  async wait(timer: Timer, ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        cancel();
        this.#waiting.delete(done);
        resolve();
      };
      const cancel = timer(ms, done);
      this.#waiting.add(done);
    });
  }
}
