import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type ErrorCode, MeshError, type MeshId } from "@claudemesh/protocol";
import type { LogEntry } from "../port.ts";
import { openForWriting } from "./connection.ts";
import { Cursors } from "./cursors.ts";
import { storageCode, storageError } from "./errors.ts";
import { kyselyOver } from "./kysely-adapter.ts";
import { LogWriter } from "./log.ts";
import type { BatchDone, WriteRequest, WriteResult } from "./messages.ts";
import type { WriteContext, WriteFn, WriteName } from "./write-context.ts";
import { writes } from "./writes/index.ts";

/** One connection with everything prepared on it. */
interface Session {
  readonly context: WriteContext;
  readonly appended: { readonly mesh: MeshId; readonly entry: LogEntry }[];
  readonly begin: StatementSync;
  readonly savepoint: StatementSync;
  readonly release: StatementSync;
  readonly undo: StatementSync;
  readonly commit: StatementSync;
  close(): void;
}

/** Runs batches of named writes, each batch in one synced transaction, each write in its own savepoint. */
export class BatchWriter {
  readonly #path: string;
  #session: Session | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Opens the connection now instead of with the first batch; throws what opening throws. */
  open(): void {
    this.#session ??= openSession(this.#path);
  }

  /**
   * Answers after the commit is on stable storage. When storage itself fails, every write of the batch is refused and the next
   * batch begins on a new connection.
   */
  async run(requests: readonly WriteRequest[]): Promise<BatchDone> {
    try {
      this.open();
      const session = this.#session as Session;
      session.appended.length = 0;
      session.begin.run();
      const results: WriteResult[] = [];
      for (const request of requests) {
        const result = runOne(session, request);
        results.push(result instanceof Promise ? await result : result);
      }
      session.commit.run();
      return { results, appended: byMesh(session.appended) };
    } catch (error) {
      this.close();
      const failure = failed(batchError(error, this.#path));
      return { results: requests.map(() => failure), appended: new Map() };
    }
  }

  close(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.close();
  }
}

function openSession(path: string): Session {
  const db = openForWriting(path);
  try {
    return sessionOn(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function sessionOn(db: DatabaseSync): Session {
  const appended: Session["appended"] = [];
  const log = new LogWriter(db, (mesh, entry) => appended.push({ mesh, entry }));
  return {
    context: { db: kyselyOver(db), log, cursors: new Cursors(db, log) },
    appended,
    begin: db.prepare("BEGIN IMMEDIATE"),
    savepoint: db.prepare("SAVEPOINT write"),
    release: db.prepare("RELEASE write"),
    undo: db.prepare("ROLLBACK TO write"),
    commit: db.prepare("COMMIT"),
    close: () => db.close(),
  };
}

/** Answers at once for a write that does not wait, so that the log's hot path costs no promise. */
function runOne(session: Session, request: WriteRequest): WriteResult | Promise<WriteResult> {
  if (request.name === null) return { value: undefined };
  const before = session.appended.length;
  const succeed = (value: unknown): WriteResult => {
    session.release.run();
    return { value } as WriteResult;
  };
  const undo = (error: unknown): WriteResult => {
    if (isStorageFailure(error)) throw error;
    session.undo.run();
    session.release.run();
    session.appended.length = before;
    session.context.log.forgetAudiences();
    return failed(error);
  };
  session.savepoint.run();
  try {
    const write = writes[request.name] as WriteFn<WriteName>;
    const outcome = write(session.context, request.input);
    return outcome instanceof Promise ? outcome.then(succeed, undo) : succeed(outcome);
  } catch (error) {
    return undo(error);
  }
}

/** True when the disk failed, not the one write: nothing of the batch can be trusted to commit. */
const isStorageFailure = (error: unknown): boolean =>
  !(error instanceof MeshError) && storageCode(error) !== undefined;

function failed(error: unknown): WriteResult {
  if (error instanceof MeshError) {
    const body = error.toBody();
    return error.cause === undefined
      ? { error: body }
      : { error: body, cause: textOf(error.cause) };
  }
  return { error: { code: "internal", message: "the write failed" }, cause: textOf(error) };
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

function batchError(error: unknown, path: string): MeshError {
  const cause = storageError(error, path);
  const code: ErrorCode =
    cause instanceof MeshError && cause.code === "disk_full" ? "disk_full" : "unavailable";
  const message =
    code === "disk_full" ? "the store has no space left" : "the store could not commit";
  return new MeshError(code, message, { cause: error });
}

function byMesh(appended: Session["appended"]): Map<MeshId, LogEntry[]> {
  const meshes = new Map<MeshId, LogEntry[]>();
  for (const { mesh, entry } of appended) {
    const entries = meshes.get(mesh);
    if (entries === undefined) meshes.set(mesh, [entry]);
    else entries.push(entry);
  }
  return meshes;
}
