import { MeshError, type MeshId } from "@claudemesh/protocol";
import { answersInTime } from "../answers-in-time.ts";
import type { AuditNote } from "../audit-port.ts";
import { tell } from "../listeners.ts";
import { loadMigrations, type Migration } from "../migrations.ts";
import type { AppendListener, Store, StoreWrites } from "../port.ts";
import type { WriteMeter } from "../writing/waiting.ts";
import { checkSchema } from "./check-schema.ts";
import { checkIntegrity, openForReading, openForWriting } from "./connection.ts";
import { storageError } from "./errors.ts";
import { type HeldFolder, holdFolder } from "./folder.ts";
import { migrate } from "./migrate.ts";
import { sqliteReads } from "./reads.ts";
import { type SpawnWriter, WriterClient } from "./writer-client.ts";
import { writes } from "./writes/index.ts";

export interface SqliteStoreOptions {
  readonly folder: string;
  readonly now: () => number;
  /** leave the schema as it is, whatever it is */
  readonly skipMigrations?: boolean;
  /** the most writes that one transaction takes; default 512 */
  readonly commitLimit?: number;
  /** starts what writes; by default a thread of its own */
  readonly spawnWriter?: SpawnWriter | undefined;
  readonly meter?: WriteMeter;
  /** told what an operator should know: a listener that throws, a writer that stopped */
  readonly log?: (event: string, cause: unknown) => void;
}

/**
 * Opens the embedded store in `folder`, creating both if needed, and holds the folder until `close`. Throws `in_use`,
 * `not_writable`, `disk_full`, `home_damaged` or, when a newer broker wrote it, `upgrade_required`.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { commitLimit = 512, log = () => {} } = options;
  const migrations = await loadMigrations();
  const folder = holdFolder(options.folder);
  const listeners = new Set<AppendListener>();
  try {
    if (options.skipMigrations) log("started without migrating", "skip-migrations is set");
    else prepare(folder, migrations, options.now());
    const writer = await WriterClient.start({
      path: folder.database,
      commitLimit,
      spawn: options.spawnWriter,
      meter: options.meter,
      onAppended: (appended) => {
        for (const [mesh, entries] of appended) tell(listeners, log, [mesh, entries]);
      },
      onFailure: (cause) => log("store writer stopped", cause),
    });
    return storeOver(folder, writer, listeners);
  } catch (error) {
    folder.release();
    throw openingError(error, folder.database);
  }
}

/** A statement that does not fit the file (SQLITE_ERROR) means, while it is opened, that the text of its schema is damaged. */
function openingError(error: unknown, path: string): unknown {
  const { errcode } = error as { errcode?: unknown };
  if (errcode !== 1) return storageError(error, path);
  return new MeshError("home_damaged", `this file is damaged: ${path}`, { cause: error });
}

/** Checks the file, brings the schema up to date and leaves it in the database file itself, not only in the write-ahead log. */
function prepare(folder: HeldFolder, migrations: readonly Migration[], at: number): void {
  checkIntegrity(folder.database);
  const db = openForWriting(folder.database);
  try {
    migrate(db, migrations, at);
    checkSchema(db, folder.database, migrations);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    folder.mark();
  } finally {
    db.close();
  }
}

function storeOver(
  folder: HeldFolder,
  writer: WriterClient,
  listeners: Set<AppendListener>,
): Store {
  const reader = openForReading(folder.database);
  const read = sqliteReads(reader);
  const writesFor = (note?: AuditNote): StoreWrites =>
    Object.fromEntries(
      Object.keys(writes).map((name) => [
        name,
        (input: never) => writer.write(name as keyof StoreWrites, input, note),
      ]),
    ) as unknown as StoreWrites;
  let closed: Promise<void> | undefined;
  const close = async () => {
    await writer.drain();
    // The writer closes last, since only it can leave everything in the database file.
    reader.close();
    await writer.end();
    folder.release();
  };
  return {
    write: writesFor(),
    writesFor,
    read,
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    queue: () => writer.queue,
    check: () => answersInTime(Promise.all([writer.check(), read.mesh("" as MeshId)])),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
