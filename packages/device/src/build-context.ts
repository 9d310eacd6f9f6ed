import { OrderedIds } from "@claudemesh/crypto";
import type { MeshId, PassingEvent } from "@claudemesh/protocol";
import type { ClientOptions } from "@claudemesh/sdk";
import { DueCalls } from "./calls/due-calls.ts";
import { type DeviceContext, type Timer, Wake } from "./context.ts";
import { followOwnKeys } from "./devices/follow-own-keys.ts";
import { noteSeenDevice } from "./devices/note-devices.ts";
import { Transfers } from "./files/transfers.ts";
import { defaultGuards, type GuardLimits } from "./guards/limits.ts";
import { HomeFolder, type Log } from "./home/home-folder.ts";
import { ensureIdentity, readEarlier, replaceIdentity } from "./home/identity.ts";
import { claimToken, isClaimLive } from "./home/process-liveness.ts";
import { OfferedRows } from "./inbox/offered-rows.ts";
import { Keyring } from "./keyring.ts";
import { hearWantedKey } from "./keys/hear-wanted-key.ts";
import { Rings } from "./keys/rings.ts";
import { Linking } from "./linking/linking.ts";
import { Links } from "./mesh-link/links.ts";
import { RosterChecks } from "./mesh-link/roster-checks.ts";
import { Rosters } from "./mesh-link/rosters.ts";
import { tracedLinks } from "./mesh-link/traced-links.ts";
import { DeviceEvents } from "./online/device-events.ts";
import { OnlineMeshes } from "./online/online-meshes.ts";
import { MessageTraces } from "./outbox/message-traces.ts";
import { answerAsk } from "./peer-files/answer-ask.ts";
import { followEpoch } from "./restored/follow-epoch.ts";
import { giveKeys } from "./restored/give-keys.ts";
import { hearPeerQuietly } from "./sessions/hear-peer.ts";
import { HomeSessions } from "./sessions/home-sessions.ts";
import { HomeStore } from "./store/home-store.ts";
import { listMemberships, type MembershipRow } from "./store/memberships.ts";
import { newestSent } from "./store/outbox-rows.ts";
import { Listening } from "./streams/listening.ts";
import { Publishing } from "./streams/publishing.ts";
import { TypingNow } from "./topics/typing-now.ts";

export interface DeviceOptions {
  /** the home folder, made on first need */
  readonly home: string;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** display name where none is given */
  readonly defaultName: string;
  /** URL of the broker where none is given */
  readonly defaultBroker?: string;
  readonly connect?: ClientOptions["connect"];
  readonly timer?: Timer;
  /** what the guards allow, where it is not the default */
  readonly guards?: Partial<GuardLimits>;
  readonly log?: Log;
  /** name and version of the program, told to brokers */
  readonly client?: string;
  /** the agent session in whose shell this runs: it may not lift what guards agents */
  readonly agentSession?: string | undefined;
  /** where the trace of whoever opens the device stands (W3C `traceparent`) */
  readonly trace?: string | undefined;
}

const systemTimer: Timer = (ms, fn) => {
  const handle = setTimeout(fn, ms);
  return () => clearTimeout(handle);
};

/** Opens the home and wires everything that works in it; the cryptographic primitives are loaded already. */
export function buildContext(options: DeviceOptions): DeviceContext {
  const { now, random, connect, client } = options;
  const timer = options.timer ?? systemTimer;
  const log = options.log ?? (() => {});
  const home = new HomeFolder(options.home, log);
  const store = HomeStore.open(home, now, random);
  const isNeeded = () => listMemberships(store).length > 0;
  let known: Uint8Array | undefined;
  let knownEarlier: readonly Uint8Array[] | undefined;
  const seed = () => (known ??= ensureIdentity(home, random, isNeeded));
  const earlierSeeds = () => (knownEarlier ??= readEarlier(home));
  const keyring = new Keyring(() => [seed(), ...earlierSeeds()], home.paths.identity);
  const takeSeed = (taken: Uint8Array, earlier: readonly Uint8Array[] = []) => {
    replaceIdentity(home, taken, random, earlier);
    known = taken;
    knownEarlier = earlier;
    keyring.forget();
  };
  const secretOf = (row: MembershipRow) => keyring.of(row);
  const rosters = new Rosters(store, home.paths.database, seed);
  const online = new OnlineMeshes();
  const links = new Links({
    store,
    rosters,
    secretOf,
    dueSecret: (row) => keyring.due(row),
    now,
    random,
    timer,
    connect,
    client,
  });
  links.lend = ({ mesh }) => online.link(mesh);
  const ctx: DeviceContext = {
    now,
    random,
    timer,
    log,
    defaultName: options.defaultName,
    defaultBroker: options.defaultBroker,
    token: claimToken(process.pid, random),
    isClaimLive,
    endedClaims: new Set(),
    home,
    store,
    ids: new OrderedIds(now, random, () => newestSent(store)),
    seed,
    earlierSeeds,
    takeSeed,
    secretOf,
    keyring,
    rosters,
    checks: new RosterChecks(() => ctx),
    rings: new Rings(store, rosters),
    listening: new Listening(() => ctx),
    publishing: new Publishing(random),
    typing: new TypingNow(now),
    links: tracedLinks(links, options.trace),
    online,
    events: new DeviceEvents(),
    guards: { ...defaultGuards, ...options.guards },
    agentSession: options.agentSession,
    trace: options.trace,
    messageTraces: new MessageTraces(),
    topicsAsOf: new Map(),
    closing: new AbortController(),
    wake: new Wake(),
    offered: new OfferedRows(),
    dueCalls: new DueCalls(),
    lingering: new Map(),
    probes: new Map(),
    transfers: new Transfers(),
    linking: new Linking(() => ctx),
    sessions: new HomeSessions(() => ctx),
  };
  rosters.rekeyed = (mesh) => followOwnKeys(ctx, mesh);
  rosters.taken = (mesh) => ctx.checks.begin(mesh);
  links.welcomed = (row, welcome) => followEpoch(ctx, row, welcome);
  links.broughtBack = (row, link, after) => giveKeys(ctx, row, link, after);
  links.passing = (mesh, event) => hearPassing(ctx, mesh, event);
  return ctx;
}

/** Takes in what passes by and is not in the log. */
function hearPassing(ctx: DeviceContext, mesh: MeshId, event: PassingEvent): void {
  switch (event.kind) {
    case "device_seen":
      noteSeenDevice(ctx, mesh, event.device);
      break;
    case "file_asked":
      void answerAsk(ctx, mesh, event.ask);
      break;
    case "key_wanted":
      hearWantedKey(ctx, mesh, event);
      break;
    case "clock_tick":
      ctx.events.tell({ type: "clock_tick", mesh, clock: event.clock });
      break;
    case "typing":
      ctx.typing.hear(mesh, event);
      ctx.wake.now();
      break;
    default:
      hearPeerQuietly(ctx, mesh, event);
  }
}
