import { MeshError } from "@claudemesh/protocol";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Schema } from "../schema.ts";
import { storageError } from "./errors.ts";

export interface ConnectOptions {
  /** `postgres://role:password@host:port/database` */
  readonly url: string;
  readonly connections: number;
  /** how long connecting, or one statement, may take */
  readonly timeoutMs: number;
  /** how long one statement may take, where that is longer */
  readonly statementMs?: number;
}

const bigint = 20;

/** Numbers of this store are all below 2^53. */
const types = {
  getTypeParser: ((oid: number, format: "text") =>
    oid === bigint ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Every form of TLS verifies whom it speaks to: what the driver takes as that today stays so whatever it comes to mean. `no-verify` says otherwise in so many words. */
const strictly = (url: string): string =>
  url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, "$1verify-full");

/** Settings of every connection: what waits, waits for a bounded time; what is committed is on stable storage. */
const clientConfig = ({
  url,
  timeoutMs,
  statementMs = timeoutMs,
}: Omit<ConnectOptions, "connections">) =>
  ({
    connectionString: strictly(url),
    application_name: "claudemesh",
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + 1_000,
    idle_in_transaction_session_timeout: statementMs,
    keepAlive: true,
    types,
  }) satisfies pg.ClientConfig;

/** A pool whose lost connections are replaced; who was using one hears of it from its statement. */
export function openPool(options: ConnectOptions): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(options), max: options.connections });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** One connection of its own. */
export async function openClient(options: Omit<ConnectOptions, "connections">): Promise<pg.Client> {
  let client: pg.Client | undefined;
  try {
    // It reads the files that the address names.
    client = new pg.Client(clientConfig(options));
    client.on("error", () => {});
    await client.connect();
    return client;
  } catch (error) {
    await client?.end().catch(() => {});
    throw storageError(error);
  }
}

/** Kysely over a pool, whose owner ends it. */
export const kyselyOverPool = (pool: pg.Pool): Kysely<Schema> =>
  new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

const bound = new WeakMap<pg.ClientBase, Kysely<Schema>>();

/** Kysely on one connection, within whatever transaction it is in. */
export function kyselyOn(client: pg.ClientBase): Kysely<Schema> {
  const known = bound.get(client);
  if (known !== undefined) return known;
  const connection = { query: client.query.bind(client), release() {} };
  const pool = { connect: async () => connection, end: async () => {} };
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool as never }) });
  bound.set(client, db);
  return db;
}

const needed: Readonly<Record<string, string>> = {
  fsync: "on",
  full_page_writes: "on",
  server_encoding: "UTF8",
};

const durability = [...Object.keys(needed), "synchronous_commit"];

/** What the server would lose by, or undefined where it keeps what it acknowledges and can hold every text. */
export async function unsafeSetting(client: pg.ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name = ANY($1)",
    [durability],
  );
  const unsafe = rows.find(({ name, setting }) =>
    name === "synchronous_commit" ? setting === "off" : needed[name] !== setting,
  );
  return unsafe && `${unsafe.name} is ${unsafe.setting}, with which messages could be lost`;
}

/** Throws where the server would acknowledge what a power cut takes away, or cannot hold every text. */
export async function checkServer(client: pg.ClientBase): Promise<void> {
  const unsafe = await unsafeSetting(client);
  if (unsafe === undefined) return;
  throw new MeshError("unavailable", `the database's setting ${unsafe}`);
}
