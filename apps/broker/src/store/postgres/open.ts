import { MeshError, type MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { Bus } from "../../bus/port.ts";
import type { Timer } from "../../timer.ts";
import { answersInTime } from "../answers-in-time.ts";
import type { AuditNote } from "../audit-port.ts";
import { tell } from "../listeners.ts";
import { Outage } from "../outage.ts";
import type { AppendListener, Store, StoreWrites } from "../port.ts";
import { findWordsPostgres } from "../queries/record-search.ts";
import { storeReads } from "../reads.ts";
import { commonWrites } from "../writes/index.ts";
import type { WriteMeter } from "../writing/waiting.ts";
import type { WriteName } from "../writing/write-context.ts";
import { kyselyOverPool, openPool } from "./connect.ts";
import { storageCode, storageError } from "./errors.ts";
import { expireByMesh } from "./expire-by-mesh.ts";
import { hearHeads, tellHead } from "./head-signal.ts";
import { readLog } from "./log-reader.ts";
import { meshNumbers } from "./mesh-numbers.ts";
import { prepare } from "./prepare.ts";
import { Teller } from "./teller.ts";
import { Tenancy } from "./tenancy.ts";
import { WriteQueues } from "./write-queues.ts";

export interface PostgresStoreOptions {
  /** `postgres://role:password@host:port/database` of the role that reads and writes rows */
  readonly url: string;
  /** of the role that owns the tables, where that is another one */
  readonly ownerUrl?: string | undefined;
  /** leave the tables as they are, whatever they are */
  readonly skipMigrations?: boolean;
  readonly now: () => number;
  readonly timer: Timer;
  /** connections that read, and transactions that write, at the same time; default 8 and 4 */
  readonly readers?: number;
  readonly writers?: number;
  /** how long connecting, or one statement, may take; default 15 s */
  readonly timeoutMs?: number;
  /** the most writes that one transaction takes; default 512 */
  readonly commitLimit?: number;
  /** by which other processes that use the database at the same time are told; without it a second one is refused */
  readonly bus?: Bus | undefined;
  /** how often it looks for what others appended, should their signal be lost; default 1 s */
  readonly lookMs?: number;
  readonly meter?: WriteMeter;
  /** told what an operator should know: a listener that throws, a connection that was lost */
  readonly log?: (event: string, cause: unknown) => void;
}

/**
 * Opens the store in a PostgreSQL database, whose tables it makes or brings up to date. Throws `unavailable`, `unauthorized`, `not_found`, `in_use`, `home_damaged` or
 * `upgrade_required`.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { readers = 8, writers = 4, timeoutMs = 15_000, lookMs = 1_000 } = options;
  const { bus, log = () => {}, timer, url } = options;
  if (options.skipMigrations) log("started without migrating", "skip-migrations is set");
  await prepare({ ...options, timeoutMs });
  const closing: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const to = { url, timeoutMs, timer };
    const tenancy = await Tenancy.take({ ...to, log, shared: bus !== undefined });
    closing.push(() => tenancy.release());
    const pool = openPool({ ...to, connections: readers });
    closing.push(() => pool.end());
    const writing = openPool({ ...to, connections: writers });
    closing.push(() => writing.end());
    const listeners = new Set<AppendListener>();
    const teller = await Teller.start({
      pool,
      timer,
      lookMs,
      shared: bus !== undefined,
      expects: () => bus?.carriesEntries === true && bus.isUp && !bus.isAlone,
      tell: (mesh, entries) => tell(listeners, log, [mesh, entries]),
    });
    closing.push(() => teller.stop());
    const unsubscribe =
      bus &&
      hearHeads(bus, (mesh, entries) => {
        if (entries === undefined) void teller.catchUp(mesh);
        else teller.take(mesh, entries);
      });
    closing.push(() => unsubscribe?.());
    const outage = new Outage(log);
    const queues = new WriteQueues({
      pool: writing,
      writers,
      commitLimit: options.commitLimit ?? 512,
      meter: options.meter,
      require: () => tenancy.require(),
      onCommitted: (mesh, entries) => {
        if (bus !== undefined) tellHead(bus, mesh, entries);
        teller.take(mesh, entries);
      },
      onDone: () => outage.worked(),
      onFailed: (mesh, cause) => {
        outage.failed(cause);
        if (mesh !== undefined) void teller.doubt(mesh);
      },
    });
    closing.push(() => queues.drain());
    return storeOver({ pool, queues, listeners, close });
  } catch (error) {
    await close();
    throw storageError(error);
  }
}

interface Parts {
  readonly pool: pg.Pool;
  readonly queues: WriteQueues;
  readonly listeners: Set<AppendListener>;
  readonly close: () => Promise<void>;
}

const names: readonly WriteName[] = [
  "ack",
  "appendMessage",
  ...(Object.keys(commonWrites) as (keyof typeof commonWrites)[]),
];

function storeOver({ pool, queues, listeners, close }: Parts): Store {
  const db = kyselyOverPool(pool);
  const read = failingAsStorage(
    storeReads({
      db,
      numberOf: meshNumbers(pool),
      findWords: findWordsPostgres,
      log: (mesh, query) => readLog(pool, mesh, query),
    }),
  );
  const writesFor = (note?: AuditNote): StoreWrites => {
    const own = (name: WriteName) => (input: object) =>
      queues.request("mesh" in input ? (input.mesh as MeshId) : undefined, { name, input, note });
    const writes = Object.fromEntries(names.map((name) => [name, own(name)]));
    return { ...(writes as unknown as StoreWrites), expire: expireByMesh(db, own("expire")) };
  };
  let closed: Promise<void> | undefined;
  return {
    write: writesFor(),
    writesFor,
    read,
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    queue: () => queues.queue,
    check: () =>
      answersInTime(
        Promise.all([
          queues.request(undefined, { name: null, input: {} }),
          read.mesh("" as MeshId),
        ]),
      ),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** A read that the database fails says so with the same code as a write. */
function failingAsStorage<R extends object>(reads: R): R {
  const wrapped = Object.entries(reads).map(([name, read]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await read(...args);
      } catch (error) {
        if (storageCode(error) === undefined) throw error;
        throw new MeshError("unavailable", "the database does not answer", { cause: error });
      }
    },
  ]);
  return Object.fromEntries(wrapped) as R;
}
