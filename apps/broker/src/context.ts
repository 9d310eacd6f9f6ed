import type { Duplex } from "node:stream";
import type { RandomSource } from "@claudemesh/crypto/verify";
import { auditSigner, ready, systemRandom } from "@claudemesh/crypto/verify";
import type { MeshId } from "@claudemesh/protocol";
import { DisplayNames } from "./api-keys/display-names.ts";
import { KeyBook } from "./api-keys/key-book.ts";
import { KeyLines } from "./api-keys/key-lines.ts";
import { Audit } from "./audit/audit.ts";
import { pruneAudit } from "./audit/prune-audit.ts";
import { BlobRoute } from "./blob/blob-route.ts";
import { fileParts } from "./blob/file-parts.ts";
import { openBus } from "./bus/open-bus.ts";
import type { Bus } from "./bus/port.ts";
import { type BrokerSecrets, noSecrets } from "./config/secrets.ts";
import type { BrokerConfig } from "./config/settings.ts";
import { Connections } from "./connections.ts";
import { Dispatch } from "./dispatch.ts";
import { endWithMembership } from "./end-with-membership.ts";
import { exposureOf } from "./exposure.ts";
import { openFront } from "./front.ts";
import { FrozenMeshes } from "./frozen.ts";
import { GrantBook } from "./grants.ts";
import type { Services } from "./handler.ts";
import { acceptedHosts, bracketed } from "./hosts.ts";
import { Janitor } from "./jobs/janitor.ts";
import { openJobs } from "./jobs/open-jobs.ts";
import { loadKeys } from "./keys.ts";
import { brokerRates } from "./limits/broker-rates.ts";
import { ClientAddresses, isOwnMachine, networkOf } from "./limits/client-address.ts";
import { MemoryBound } from "./limits/memory.ts";
import { Sockets } from "./limits/sockets.ts";
import { listen } from "./listen.ts";
import { Cursors } from "./log/cursor.ts";
import { FeedHub } from "./log/feed-hub.ts";
import { createLogger, type Logger } from "./logger.ts";
import { Mailboxes } from "./mailboxes/mailboxes.ts";
import { SharedMailboxes } from "./mailboxes/shared-mailboxes.ts";
import { ProcessMetrics } from "./metrics.ts";
import { whoIsThere } from "./nodes/who-is-there.ts";
import { allObservers, loggedCalls } from "./observe/call-observer.ts";
import { metricsText } from "./observe/metrics-text.ts";
import type { Tracing } from "./observe/tracing.ts";
import { handlers } from "./ops/index.ts";
import { PeerAsks } from "./peer-files/peer-asks.ts";
import { requireSafe } from "./production.ts";
import { RateLimit } from "./rate-limit.ts";
import { Rest } from "./rest/rest.ts";
import { RosterCheckpoints } from "./roster-checkpoints.ts";
import { Rosters } from "./rosters.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/port.ts";
import type { SpawnWriter } from "./store/sqlite/writer-client.ts";
import { Streams } from "./streams/streams.ts";
import { systemTimer, type Timer } from "./timer.ts";

/** What tests and embedders may put in place of the real parts. */
export interface BrokerOverrides {
  /** the clock, ms */
  readonly now: () => number;
  readonly random: RandomSource;
  /** used instead of the data folder's, and closed with the broker */
  readonly store: Store;
  /** used to reach the other nodes, and closed with the broker */
  readonly bus: Bus;
  readonly log: Logger;
  readonly timer: Timer;
  /** starts the embedded store's writer */
  readonly spawnWriter: SpawnWriter;
  /** check every answer against its declaration */
  readonly checkOutput: boolean;
  readonly secrets: BrokerSecrets;
  /** what the process holds in memory */
  readonly residentBytes: () => number;
}

/** One broker. */
export interface Broker extends AsyncDisposable {
  /** by which this machine reaches it, `http://…`; known once started */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  readonly metrics: ProcessMetrics;
  readonly audit: Audit;
  /** who can reach it, and how: one sentence */
  readonly exposed: string;
  /** Listens. Throws `address_in_use`. */
  start(): Promise<void>;
  /** Takes a connection that came by another way than the listener, as from within this process. */
  accept(stream: Duplex): void;
  /** Reads the certificate's files again. */
  reload(): void;
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
  const { residentBytes = process.memoryUsage.rss, secrets = noSecrets } = overrides;
  requireSafe({ config, secrets, user: process.getuid?.(), log });
  const metrics = new ProcessMetrics();
  // A clock that is set for a test is the test's in all.
  const ticks = overrides.now ?? (() => performance.now());
  const meter = { ticks, wrote: metrics.wrote.bind(metrics) };
  const warn = (event: string, cause: unknown) => log.error(event, { cause });
  const bus = overrides.bus ?? (await openBus(config, secrets, { random, now, timer, log: warn }));
  const around = { now, meter, timer, bus, log: warn, spawnWriter: overrides.spawnWriter };
  const store =
    overrides.store ??
    (await openStore(config, secrets, around).catch(async (error: unknown) => {
      await bus.close();
      throw error;
    }));
  try {
    const tracing =
      config.otlpUrl === ""
        ? undefined
        : (await import("./observe/tracing.ts")).startTracing(config.otlpUrl);
    return assemble({
      ...{
        config,
        now,
        ticks,
        random,
        timer,
        log,
        metrics,
        bus,
        store,
        secrets,
        tracing,
        residentBytes,
      },
      checkOutput: overrides.checkOutput ?? false,
    });
  } catch (error) {
    await store.close();
    await bus.close();
    throw error;
  }
}

interface Ground {
  readonly config: BrokerConfig;
  readonly now: () => number;
  readonly random: RandomSource;
  readonly timer: Timer;
  readonly log: Logger;
  readonly bus: Bus;
  readonly store: Store;
  readonly ticks: () => number;
  readonly metrics: ProcessMetrics;
  readonly secrets: BrokerSecrets;
  readonly tracing: Tracing | undefined;
  readonly residentBytes: () => number;
  readonly checkOutput: boolean;
}

function assemble(ground: Ground): Broker {
  const { bus, checkOutput, config, log, metrics, now, random, secrets, store, ticks, timer } =
    ground;
  let port = config.port;
  let stopping: Promise<void> | undefined;
  const wildcard = config.host === "0.0.0.0" || config.host === "::";
  const scheme = config.tlsCert === "" ? "http" : "https";
  const url = () => `${scheme}://${wildcard ? "localhost" : bracketed(config.host)}:${port}`;
  const publicUrl = () => (config.publicUrl === "" ? url() : config.publicUrl);
  const hostsAt = (listened: number) => acceptedHosts(config.host, listened, config.publicUrl);
  let accepted = hostsAt(port);
  const hosts = () => accepted;

  const keys = loadKeys(config.dataDir, random, secrets.encryptionKey);
  const cursors = new Cursors(keys.cursor);
  const files = fileParts({ config, secrets, random, now, store, key: keys.cursor });
  const frozen = new FrozenMeshes(log);
  const hub = new FeedHub(store, (at, readers) => metrics.pushed(now() - at, readers));
  const audit = new Audit(auditSigner(keys.audit), timer);
  store.onAppend((mesh, entries) => audit.appended(mesh, entries));
  const { rosters: most, sharedTtlMs } = config;
  const isWatched = (mesh: MeshId) => connections.isIn(mesh) || keyLines.isIn(mesh);
  const checkpoints = new RosterCheckpoints(config.dataDir, keys.cursor);
  const rosters = new Rosters({
    store,
    frozen,
    checkpoints,
    now,
    timer,
    most,
    sharedTtlMs,
    isWatched,
  });
  const rates = brokerRates(config, { bus, now, timer });
  const connections = new Connections(config, timer, metrics);
  const own = new Mailboxes({ now, random, timer });
  const mailboxes = new SharedMailboxes({
    own,
    bus,
    random,
    timer,
    isAlone: () => (nodes?.live ?? 1) < 2,
  });
  const grants = new GrantBook(store);
  const dropped = () => metrics.drop("reader_behind");
  const streams = new Streams({ bus, dropped, grants, log, rosters, timer });
  const book = new KeyBook({ store, rosters, now, log });
  const keyLines = new KeyLines({ now, timer, most: config.connectionsPerMember });
  const displayNames = new DisplayNames(store);
  const who = {
    audit,
    bus,
    connections,
    frozen,
    grants,
    keyLines,
    log,
    now,
    rosters,
    store,
    timer,
  };
  const { everywhere, nodes, ...there } = whoIsThere({ ...who, random, secret: keys.cursor });
  const { sessions } = there;
  const jobParts = {
    bus,
    config,
    connections: everywhere,
    displayNames,
    grants,
    now,
    publicUrl,
    random,
  };
  const jobs = openJobs(
    { ...jobParts, rosters, sessions, store, log },
    { keys, secrets, timer, hookRate: rates.hooks },
  );
  connections.entered = (mesh) => jobs.entered(mesh);
  const services: Services = {
    config,
    now,
    random,
    store,
    audit,
    bus,
    rosters,
    ...there,
    connections: everywhere,
    grants,
    keyLines,
    displayNames,
    files,
    jobs,
    mailboxes,
    streams,
    joins: rates.joins,
    peerAsks: new PeerAsks(timer, bus),
    publicUrl,
  };
  const memory = new MemoryBound(config.memoryBytes, ground.residentBytes, now);
  const dispatch = new Dispatch({
    ...{
      services,
      handlers,
      limits: rates.classes,
      metrics,
      audit,
      log,
      checkOutput,
      ticks,
      memory,
    },
    ownLimits: rates.own,
    observer: allObservers([
      config.logLevel === "debug" ? loggedCalls(log, ticks) : undefined,
      ground.tracing?.observer,
    ]),
  });
  const { receipts } = rates;
  const greeter = { services, cursors, frozen, hub };
  const addresses = new ClientAddresses(config.trustProxy);
  const sockets = new Sockets(config.socketsPerAddress, addresses, metrics);
  const { proved } = sockets;
  const rate = new RateLimit(config.rateAddress, now);
  const mayErr = (address: string) => isOwnMachine(address) || rate.spend(networkOf(address));
  const parts = { greeter, dispatch, connections, receipts, timer, metrics, mayErr, proved, log };
  const { idempotencyTtlMs, janitorMs: everyMs } = config;
  const janitor = new Janitor({
    store,
    now,
    timer,
    everyMs,
    idempotencyTtlMs,
    pruneAudit: () => pruneAudit({ audit, now, store }, now() - config.auditTtlMs),
    sweepFiles: () => files.sweep.run(),
    metrics,
    log,
  });
  const unready = async (): Promise<string[]> => {
    if (stopping !== undefined) return ["stopping"];
    const short = memory.isOver ? ["memory"] : [];
    const { expectedMigration: expected } = config;
    return await Promise.all([expected && store.read.lastMigration(), store.check()]).then(
      ([last]) => (last === expected ? short : [...short, "migrations"]),
      () => [...short, "store"],
    );
  };
  const door = { book, wrongKeys: new RateLimit(config.rateJoin, now) };
  const external = { services, dispatch, hub, timer, log };
  const { server, tls } = openFront({
    ...{ addresses, config, door, external, hosts, log, memory, metrics, parts, publicUrl },
    ...{ random, rate, secrets, sockets, ticks, timer, unready },
    auditKey: audit.key,
    degraded: () => (bus.isUp ? [] : ["bus"]),
    isStopping: () => stopping !== undefined,
    metricsText: () => metricsText({ bus, metrics, nodes, connections, store, rosters }),
    blobs: new BlobRoute({ ...files, services, addresses, door, timer, log }),
    rest: new Rest({ ...external, door, hosts, addresses }),
  });

  endWithMembership({ connections, frozen, keyLines, rosters, sessions });

  const stop = async (): Promise<void> => {
    tls?.stop();
    server.close();
    server.closeIdleConnections();
    rosters.stop();
    sessions.stop();
    audit.stop();
    mailboxes.stop();
    streams.close();
    keyLines.endAll(1012);
    await connections.drain(1012, config.drainMs, timer);
    server.closeAllConnections();
    await nodes?.stop();
    await janitor.stop();
    await jobs.stop();
    hub.close();
    displayNames.close();
    files.blobs.close();
    await store.close();
    await bus.close();
    await ground.tracing?.stop();
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
    get exposed() {
      return exposureOf(config, url());
    },
    get url() {
      return url();
    },
    get port() {
      return port;
    },
    async start() {
      port = await listen(server, config.host, config.port);
      accepted = hostsAt(port);
      await nodes?.start(url());
      jobs.start();
      log.info("listening", {
        url: url(),
        publicUrl: publicUrl(),
        exposed: exposureOf(config, url()),
      });
      if (wildcard && config.publicUrl === "") {
        log.warn("without --public-url only this machine can say hello", { host: config.host });
      }
    },
    accept(stream) {
      server.emit("connection", stream);
    },
    reload: () => tls?.now(),
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}
