import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type ErrorCode, MeshError } from "@claudemesh/protocol";
import { auditRules } from "../audit-rules.ts";
import { audited } from "../writing/audited.ts";
import type { WriteName } from "../writing/write-context.ts";
import { openForWriting } from "./connection.ts";
import { Cursors } from "./cursors.ts";
import { storageCode, storageError } from "./errors.ts";
import { kyselyOver } from "./kysely-adapter.ts";
import { LogWriter } from "./log.ts";
import {
  type Appended,
  type BatchDone,
  type NamedWrite,
  unpack,
  type WriteRequest,
  type WriteResult,
} from "./messages.ts";
import type { SqliteWriteContext, SqliteWriteFn } from "./write-context.ts";
import { writes } from "./writes/index.ts";

/** One connection with everything prepared on it. */
interface Session {
  readonly context: SqliteWriteContext;
  /** what the write under way has appended */
  readonly appended: Appended[];
  readonly begin: StatementSync;
  readonly savepoint: StatementSync;
  readonly release: StatementSync;
  readonly undo: StatementSync;
  readonly rollback: StatementSync;
  readonly commit: StatementSync;
  readonly checkpoint: StatementSync;
  close(): void;
}

/** Runs batches of named writes, each batch in one synced transaction; a write that throws is undone alone. */
export class BatchWriter {
  readonly #path: string;
  readonly #connect: typeof openForWriting;
  #session: Session | undefined;

  constructor(path: string, connect = openForWriting) {
    this.#path = path;
    this.#connect = connect;
  }

  /** Opens the connection now instead of with the first batch; throws what opening throws. */
  open(): void {
    this.#session ??= openSession(this.#path, this.#connect);
  }

  /**
   * Answers after the commit is on stable storage. When storage itself fails, every write of the batch is refused and the next
   * batch begins on a new connection.
   */
  async run(requests: readonly WriteRequest[]): Promise<BatchDone> {
    try {
      this.open();
      const session = this.#session as Session;
      const results = (await runTogether(session, requests)) ?? (await runApart(session, requests));
      return { results };
    } catch (error) {
      this.close();
      const failure = failed(batchError(error, this.#path));
      return { results: requests.map(() => failure) };
    }
  }

  /** Copies what is left of the write-ahead log into the database file, as far as readers allow. */
  checkpoint(): void {
    try {
      this.#session?.checkpoint.get();
    } catch {
      // What storage cannot do now it cannot do for the next batch either, which says so on its new connection.
      this.close();
    }
  }

  close(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.close();
  }
}

function openSession(path: string, connect: typeof openForWriting): Session {
  const db = connect(path);
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
    rollback: db.prepare("ROLLBACK"),
    commit: db.prepare("COMMIT"),
    checkpoint: db.prepare("PRAGMA wal_checkpoint(PASSIVE)"),
    close: () => db.close(),
  };
}

/** Without savepoints, which few batches need and every write would pay for. Undefined, with nothing done, when a write threw. */
async function runTogether(
  session: Session,
  requests: readonly WriteRequest[],
): Promise<WriteResult[] | undefined> {
  const results: WriteResult[] = [];
  session.begin.run();
  try {
    for (const request of requests) {
      const result = apply(session, request);
      results.push(result instanceof Promise ? await result : result);
    }
    session.context.log.settle();
  } catch (error) {
    if (isStorageFailure(error)) throw error;
    session.rollback.run();
    session.context.log.forget();
    return undefined;
  }
  session.commit.run();
  return results;
}

/** Each write in its own savepoint. */
async function runApart(
  session: Session,
  requests: readonly WriteRequest[],
): Promise<WriteResult[]> {
  const { log } = session.context;
  const results: WriteResult[] = [];
  session.begin.run();
  for (const request of requests) {
    session.savepoint.run();
    try {
      results.push(await apply(session, request));
      log.settle();
    } catch (error) {
      if (isStorageFailure(error)) throw error;
      session.undo.run();
      log.forget();
      results.push(failed(error));
    }
    session.release.run();
  }
  session.commit.run();
  return results;
}

/** Answers at once for a write that does not wait, so that the log's hot path costs no promise. */
function apply(session: Session, request: WriteRequest): WriteResult | Promise<WriteResult> {
  session.appended.length = 0;
  if (isNamed(request)) return applyNamed(session, request);
  const input = unpack(request);
  const { log } = session.context;
  const value = log.appendMessage(log.head(input.mesh), input);
  return value.result === "accepted" && !value.repeated ? value.seq : { value, appended: [] };
}

function applyNamed(session: Session, request: NamedWrite): WriteResult | Promise<WriteResult> {
  const { appended, context } = session;
  if (request.name === null) return { value: undefined, appended: [] };
  const finish = (value: unknown): WriteResult => {
    context.log.settle();
    return { value, appended: [...appended] } as WriteResult;
  };
  // It may read or change what the messages before it have left in memory.
  context.log.settle();
  const write = writes[request.name] as SqliteWriteFn<WriteName>;
  const outcome = write(context, request.input);
  if (auditRules[request.name] === null) {
    return outcome instanceof Promise ? outcome.then(finish) : finish(outcome);
  }
  return audited(context, request, outcome, () => appended.length > 0).then(finish);
}

const isNamed = (request: WriteRequest): request is NamedWrite => !Array.isArray(request);

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
