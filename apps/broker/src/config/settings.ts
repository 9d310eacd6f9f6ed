import { limits } from "@claudemesh/protocol";
import {
  addressRanges,
  bucketUrl,
  bytes,
  choice,
  count,
  flag,
  milliseconds,
  opRates,
  optionalPath,
  optionalUrl,
  origins,
  port,
  rate,
  text,
  type ValueType,
} from "./values.ts";

interface Setting<T> {
  readonly env: string;
  readonly flag: string;
  readonly type: ValueType<T>;
  readonly default: T;
  readonly desc: string;
}

const setting = <T>(name: string, type: ValueType<T>, initial: T, desc: string): Setting<T> => ({
  env: `CLAUDEMESH_${name.toUpperCase().replaceAll("-", "_")}`,
  flag: `--${name}`,
  type,
  default: initial,
  desc,
});

const day = 24 * 3_600_000;
const second = 1_000;

/** Everything that an operator can set, sorted: one row per setting. */
export const settings = {
  anonymousPerAddress: setting(
    "anonymous-per-address",
    count(1, 1_000_000),
    32,
    "connections of one address that have not said who they are",
  ),
  auditTtlMs: setting(
    "audit-ttl-ms",
    milliseconds(limits.auditKeptMs, 3_650 * day),
    400 * day,
    "how long the rows of the audit chains are kept",
  ),
  blobs: setting(
    "blobs",
    bucketUrl,
    "",
    "bucket for the bytes of files, as s3://bucket/prefix; without it a folder in the data folder",
  ),
  callsInFlight: setting(
    "calls-in-flight",
    count(1, 10_000),
    256,
    "calls of one connection that are worked on at once",
  ),
  connections: setting("connections", count(1, 10_000_000), 10_000, "connections in all"),
  connectionsPerMember: setting(
    "connections-per-member",
    count(1, 100_000),
    64,
    "connections of one member in one mesh",
  ),
  connectionsPerMesh: setting(
    "connections-per-mesh",
    count(1, 10_000_000),
    20_000,
    "connections of one mesh",
  ),
  dataDir: setting("data", text, "claudemesh-data", "folder of the store and the broker's keys"),
  deadPeerMs: setting(
    "dead-peer-ms",
    milliseconds(10, 600 * second),
    limits.deadPeerMs,
    "silence after which a connection is ended",
  ),
  deviceRetiredMs: setting(
    "device-retired-ms",
    milliseconds(second, limits.deviceRetiredMs),
    limits.deviceRetiredMs,
    "silence after which a device holds up no deletion",
  ),
  directTtlMs: setting(
    "direct-ttl-ms",
    milliseconds(second, limits.directTtlMs),
    limits.directTtlMs,
    "how long a direct message waits for its recipient",
  ),
  drainMs: setting(
    "drain-ms",
    milliseconds(0, 600 * second),
    5 * second,
    "how long calls in flight may take to end when the broker stops",
  ),
  expectedMigration: setting(
    "expected-migration",
    text,
    "",
    "newest migration that the store must have before /health/ready says so, such as 0010-audit.sql",
  ),
  fileBytes: setting(
    "file-bytes",
    bytes(1_024, limits.fileBytes),
    2 ** 30 + 2 ** 20,
    "largest file taken, encrypted",
  ),
  frameBytes: setting(
    "frame-bytes",
    bytes(4_096, limits.frameChars),
    limits.frameChars,
    "largest WebSocket frame taken",
  ),
  giveUpMs: setting(
    "give-up-ms",
    milliseconds(10, 3_600 * second),
    15 * second,
    "how long a reader that takes nothing is waited for",
  ),
  headersMs: setting(
    "headers-ms",
    milliseconds(10, 600 * second),
    10 * second,
    "how long a client may take to send the head of a request, or to agree on TLS; a whole request may take twice that",
  ),
  helloMs: setting(
    "hello-ms",
    milliseconds(10, 600 * second),
    10 * second,
    "how long a connection may stay without saying who it is",
  ),
  highWaterBytes: setting(
    "high-water-bytes",
    bytes(1_024, 1 << 30),
    1 << 20,
    "unsent bytes of one connection above which nothing more is queued",
  ),
  host: setting("host", text, "127.0.0.1", "address to listen on"),
  idempotencyTtlMs: setting(
    "idempotency-ttl-ms",
    milliseconds(second, 3_650 * day),
    limits.idempotencyTtlMs,
    "how long a sender's message id is remembered",
  ),
  janitorMs: setting(
    "janitor-ms",
    milliseconds(10, day),
    60 * second,
    "how often what is past its time is deleted",
  ),
  jobs: setting(
    "jobs",
    flag,
    true,
    "do what is due by itself: schedules, watches, clocks; false leaves it to other nodes of the same database",
  ),
  logLevel: setting(
    "log-level",
    choice(["debug", "info", "warn", "error", "silent"]),
    "info",
    "least level that is logged",
  ),
  memoryBytes: setting(
    "memory-bytes",
    bytes(64 << 20, 2 ** 50),
    2 ** 31,
    "resident memory above which no connection is taken and nobody may join or create",
  ),
  meshFileBytes: setting(
    "mesh-file-bytes",
    bytes(1_024, 2 ** 50),
    20 * 2 ** 30,
    "bytes that the files of one mesh may have together",
  ),
  origins: setting("origins", origins, [], "other sites whose pages may connect"),
  otlpUrl: setting(
    "otlp-url",
    optionalUrl,
    "",
    "base URL of an OpenTelemetry collector (OTLP over HTTP) that traces are sent to",
  ),
  outboundAllow: setting(
    "outbound-allow",
    addressRanges,
    [],
    "own networks that watches and scheduled posts may reach, besides the public internet",
  ),
  pingMs: setting(
    "ping-ms",
    milliseconds(10, 600 * second),
    limits.pingMs,
    "silence after which a connection is asked whether it is there",
  ),
  port: setting("port", port, 7900, "port to listen on; 0 takes a free one"),
  postgresReaders: setting(
    "postgres-readers",
    count(1, 1_000),
    8,
    "connections by which the broker reads from PostgreSQL",
  ),
  postgresTimeoutMs: setting(
    "postgres-timeout-ms",
    milliseconds(100, 600 * second),
    15 * second,
    "how long connecting to PostgreSQL, or one statement, may take",
  ),
  postgresWriters: setting(
    "postgres-writers",
    count(1, 1_000),
    4,
    "meshes that are written to PostgreSQL at once, each by a connection",
  ),
  production: setting(
    "production",
    flag,
    false,
    "refuse to start without an encryption key, or as root on an address that others reach",
  ),
  publicUrl: setting(
    "public-url",
    optionalUrl,
    "",
    "URL by which others reach the broker; goes into links",
  ),
  rateAddress: setting(
    "rate-address",
    rate,
    { perSecond: 50, burst: 500 },
    "connections and HTTP requests, per address other than this machine's own",
  ),
  rateJoin: setting(
    "rate-join",
    rate,
    { perSecond: 5, burst: 20 },
    "joining and creating, per address",
  ),
  rateMessage: setting("rate-message", rate, { perSecond: 10, burst: 100 }, "messages, per member"),
  rateOps: setting(
    "rate-ops",
    opRates,
    {},
    "single operations, per member or address, besides the rate of their kind",
  ),
  ratePresence: setting(
    "rate-presence",
    rate,
    { perSecond: 20, burst: 200 },
    "attaching sessions, their status and leases, per member",
  ),
  rateRead: setting("rate-read", rate, { perSecond: 50, burst: 200 }, "queries, per member"),
  rateReceipt: setting("rate-receipt", rate, { perSecond: 50, burst: 500 }, "receipts, per member"),
  rateWrite: setting("rate-write", rate, { perSecond: 10, burst: 100 }, "changes, per member"),
  rosters: setting("rosters", count(1, 1_000_000), 1_000, "verified rosters kept in memory"),
  s3Endpoint: setting(
    "s3-endpoint",
    optionalUrl,
    "",
    "URL of the S3 service where it is not the provider's own",
  ),
  s3Region: setting("s3-region", text, "us-east-1", "region of the bucket"),
  sharedTtlMs: setting(
    "shared-ttl-ms",
    milliseconds(second, limits.sharedTtlMs),
    limits.sharedTtlMs,
    "how long roster and profile entries stay in the log",
  ),
  skipMigrations: setting(
    "skip-migrations",
    flag,
    false,
    "break glass: start on the store's schema as it is, without migrating or checking it",
  ),
  socketsPerAddress: setting(
    "sockets-per-address",
    count(1, 1_000_000),
    1_000,
    "sockets of one address that belong to no member",
  ),
  tlsCert: setting(
    "tls-cert",
    optionalPath,
    "",
    "PEM file of the certificate and its chain; with it the broker speaks TLS itself",
  ),
  tlsKey: setting("tls-key", optionalPath, "", "PEM file of the certificate's private key"),
  trustProxy: setting(
    "trust-proxy",
    addressRanges,
    [],
    "proxies whose X-Forwarded-For is believed",
  ),
} as const;

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as readonly SettingName[];

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** Every setting with its value; frozen. */
export type BrokerConfig = {
  readonly [N in SettingName]: ValueOf<(typeof settings)[N]>;
};
