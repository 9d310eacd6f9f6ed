import type { Duplex } from "node:stream";
import type { RandomSource } from "@claudemesh/crypto/verify";
import { ready, systemRandom } from "@claudemesh/crypto/verify";
import {
  type MemberId,
  type MeshId,
  type PeerEvent,
  limits as protocolLimits,
} from "@claudemesh/protocol";
import { Audit } from "./audit.ts";
import type { BrokerConfig } from "./config/settings.ts";
import { Connections } from "./connections.ts";
import { Dispatch } from "./dispatch.ts";
import { FrozenMeshes } from "./frozen.ts";
import { GrantBook } from "./grants.ts";
import type { Services } from "./handler.ts";
import { acceptedHosts, bracketed } from "./hosts.ts";
import { httpServer } from "./http.ts";
import { Janitor } from "./jobs/janitor.ts";
import { loadKeys } from "./keys.ts";
import { listen } from "./listen.ts";
import { Cursors } from "./log/cursor.ts";
import { FeedHub } from "./log/feed-hub.ts";
import { createLogger, type Logger } from "./logger.ts";
import { ProcessMetrics } from "./metrics.ts";
import { handlers } from "./ops/index.ts";
import { Presence } from "./presence.ts";
import { RateLimit } from "./rate-limit.ts";
import { Rosters } from "./rosters.ts";
import { MemorySessions } from "./sessions/memory-sessions.ts";
import type { Store } from "./store/port.ts";
import { openSqliteStore } from "./store/sqlite/open.ts";
import { systemTimer, type Timer } from "./timer.ts";
import { upgradeHandler } from "./upgrade.ts";

/** What tests and embedders may put in place of the real parts. */
export interface BrokerOverrides {
  /** the clock, ms */
  readonly now: () => number;
  readonly random: RandomSource;
  /** used instead of the data folder's, and closed with the broker */
  readonly store: Store;
  readonly log: Logger;
  readonly timer: Timer;
  /** check every answer against its declaration */
  readonly checkOutput: boolean;
}

/** One broker. */
export interface Broker extends AsyncDisposable {
  /** by which this machine reaches it, `http://…`; known once started */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  readonly metrics: ProcessMetrics;
  readonly audit: Audit;
  /** Listens. Throws `address_in_use`. */
  start(): Promise<void>;
  /** Takes a connection that came by another way than the listener, as from within this process. */
  accept(stream: Duplex): void;
  /** Takes no more, answers what is in flight, ends all connections with 1012, closes the store. */
  stop(): Promise<void>;
}

/** Builds a broker from its configuration; everything is wired here and nowhere else. Throws `in_use`, `not_writable`, `home_damaged` and the like. */
export async function createBroker(
  config: BrokerConfig,
  overrides: Partial<BrokerOverrides> = {},
): Promise<Broker> {
  await ready();
  const { now = Date.now, random = systemRandom, timer = systemTimer } = overrides;
  const write = (line: string) => process.stderr.write(`${line}\n`);
  const log = overrides.log ?? createLogger({ level: config.logLevel, now, write });
  const store =
    overrides.store ??
    (await openSqliteStore({
      folder: config.dataDir,
      now,
      log: (event, cause) => log.error(event, { cause }),
    }));
  try {
    return assemble({ config, now, random, timer, log, store, checkOutput: overrides.checkOutput });
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Ground {
  readonly config: BrokerConfig;
  readonly now: () => number;
  readonly random: RandomSource;
  readonly timer: Timer;
  readonly log: Logger;
  readonly store: Store;
  readonly checkOutput: boolean | undefined;
}

function assemble({ config, now, random, timer, log, store, checkOutput = false }: Ground): Broker {
  let port = config.port;
  let stopping: Promise<void> | undefined;
  const wildcard = config.host === "0.0.0.0" || config.host === "::";
  const url = () => `http://${wildcard ? "localhost" : bracketed(config.host)}:${port}`;
  const publicUrl = () => (config.publicUrl === "" ? url() : config.publicUrl);
  const hosts = () => acceptedHosts(config.host, port, config.publicUrl);

  const cursors = new Cursors(loadKeys(config.dataDir, random).cursor);
  const frozen = new FrozenMeshes(log);
  const hub = new FeedHub(store);
  const presence = new Presence();
  const metrics = new ProcessMetrics();
  const audit = new Audit();
  const { rosters: most, sharedTtlMs } = config;
  const rosters = new Rosters({ store, frozen, now, timer, most, sharedTtlMs });
  const perSecond = protocolLimits.joinsPerSecond;
  const joins = new RateLimit({ perSecond, burst: perSecond }, now);
  const connections = new Connections(config, timer);
  const grants = new GrantBook(store.read);
  /** Presence is told to those whom a member lets read it. */
  const tellPresence = async (mesh: MeshId, member: MemberId, event: PeerEvent): Promise<void> => {
    const [held, roster] = await Promise.all([grants.of(mesh), rosters.open(mesh)]);
    const mayKnow = (other: MemberId) => held.allowed(roster, member, other).includes("read");
    connections.tell(mesh, member, event, mayKnow);
  };
  const sessions = new MemorySessions(now, timer, {
    event: (mesh, member, event) => {
      tellPresence(mesh, member, event).catch((cause: unknown) =>
        log.warn("presence not told", { mesh, member, cause }),
      );
    },
    expected: (actor, session) => connections.feedOf(actor)?.expect(session),
    gone: ({ mesh, attestation: { session } }) => {
      store.write
        .releaseLeases({ mesh, session, at: now() })
        .catch((cause: unknown) => log.warn("leases not released", { mesh, session, cause }));
    },
  });
  const services: Services = {
    config,
    now,
    random,
    store,
    rosters,
    presence,
    sessions,
    connections,
    grants,
    joins,
    publicUrl,
  };
  const limits = {
    join: new RateLimit(config.rateJoin, now),
    message: new RateLimit(config.rateMessage, now),
    presence: new RateLimit(config.ratePresence, now),
    read: new RateLimit(config.rateRead, now),
    write: new RateLimit(config.rateWrite, now),
  };
  const dispatch = new Dispatch({ services, handlers, limits, metrics, audit, log, checkOutput });
  const receipts = new RateLimit(config.rateReceipt, now);
  const greeter = { services, cursors, frozen, hub };
  const parts = { greeter, dispatch, connections, receipts, timer, log };
  const { idempotencyTtlMs, janitorMs: everyMs } = config;
  const janitor = new Janitor({ store, now, timer, everyMs, idempotencyTtlMs, metrics, log });
  const unready = async (): Promise<string[]> => {
    if (stopping !== undefined) return ["stopping"];
    return await store.check().then(
      () => [],
      () => ["store"],
    );
  };
  const server = httpServer({ hosts, publicUrl, unready, log });
  server.on("upgrade", upgradeHandler({ parts, hosts, isStopping: () => stopping !== undefined }));

  frozen.onFreeze((mesh) => connections.finishMesh(mesh, 4011));
  rosters.onChange((roster, entry) => {
    if (entry.type === "remove") {
      sessions.drop(roster.mesh, entry.body.member);
      connections.finishMember(roster.mesh, entry.body.member, 4002);
    }
    if (entry.type === "rekey") {
      // What was signed with the keys before is void; a device that has the new ones comes back by itself.
      sessions.drop(roster.mesh, entry.body.member);
      connections.finishMember(roster.mesh, entry.body.member, 1000);
    }
    const revoker =
      entry.type === "session_revoke" ? roster.memberByKey(entry.author)?.id : undefined;
    if (entry.type === "session_revoke" && revoker !== undefined) {
      sessions.drop(roster.mesh, revoker, entry.body.session);
    }
  });

  const stop = async (): Promise<void> => {
    server.close();
    server.closeIdleConnections();
    rosters.stop();
    sessions.stop();
    await connections.drain(1012, config.drainMs, timer);
    server.closeAllConnections();
    await janitor.stop();
    hub.close();
    await store.close();
    log.info("stopped");
  };
  const stopOnce = () => {
    stopping ??= stop();
    return stopping;
  };
  return {
    store,
    metrics,
    audit,
    get url() {
      return url();
    },
    get port() {
      return port;
    },
    async start() {
      port = await listen(server, config.host, config.port);
      log.info("listening", { url: url(), publicUrl: publicUrl() });
      if (wildcard && config.publicUrl === "") {
        log.warn("without --public-url only this machine can say hello", { host: config.host });
      }
    },
    accept(stream) {
      server.emit("connection", stream);
    },
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}
