import { MeshError, type MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { AuditNote } from "../audit-port.ts";
import type { Ack, LogEntry, MessageAppend, MessageOutcome } from "../port.ts";
import { commonWrites, type HotWrite } from "../writes/index.ts";
import { audited } from "../writing/audited.ts";
import type { WriteContext, WriteFn, WriteName } from "../writing/write-context.ts";
import { acknowledge } from "./acknowledge.ts";
import { appendAtOnce } from "./append-at-once.ts";
import { appendMessages } from "./append-messages.ts";
import type { AudienceNumbers } from "./audience-numbers.ts";
import { kyselyOn } from "./connect.ts";
import { isCollision, storageCode } from "./errors.ts";
import { PostgresLog } from "./log.ts";

/** A named write as its caller gave it; without a name it only asks whether a transaction can begin and end. */
export interface WriteRequest {
  readonly name: WriteName | null;
  readonly input: object;
  readonly note?: AuditNote | undefined;
}

/** What a write came to, and whether it appended to the log. */
interface Applied {
  readonly value: unknown;
  readonly grew: boolean;
}

export type WriteResult = Applied | { readonly error: MeshError };

export interface BatchDone {
  /** one per request, in order */
  readonly results: readonly WriteResult[];
  readonly appended: readonly LogEntry[];
}

/** How often a transaction is begun again that another one stood in the way of. */
const attempts = 8;

interface Session {
  readonly client: pg.ClientBase;
  readonly context: WriteContext & { readonly log: PostgresLog };
  readonly mesh: MeshId | undefined;
}

/**
 * Runs the writes of one mesh, or of none, in one transaction; a write that throws is undone alone. Answers after the commit is on stable storage. Throws when
 * the database fails: then nothing was acknowledged, and whether a commit under way was done is found by the ids.
 */
export async function runBatch(
  client: pg.ClientBase,
  numbers: AudienceNumbers,
  mesh: MeshId | undefined,
  requests: readonly WriteRequest[],
): Promise<BatchDone> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (
        (await atOnce(client, numbers, requests)) ??
        (await inTransaction(client, numbers, mesh, (session) => together(session, requests))) ??
        (await inTransaction(client, numbers, mesh, (session) => apart(session, requests))) ?? {
          results: [],
          appended: [],
        }
      );
    } catch (error) {
      if (!isCollision(error) || attempt >= attempts) throw error;
    }
  }
}

/** What nothing but messages came to in one statement; undefined, with nothing done, where they need more. */
async function atOnce(
  client: pg.ClientBase,
  numbers: AudienceNumbers,
  requests: readonly WriteRequest[],
): Promise<BatchDone | undefined> {
  if (!requests.every(isMessage)) return undefined;
  const inputs = requests.map(({ input }) => input as MessageAppend);
  const done = await appendAtOnce(client, numbers, inputs);
  return done && { results: done.outcomes.map(appliedOf), appended: done.appended };
}

/** Undefined, with nothing done, when `work` answers so. */
async function inTransaction(
  client: pg.ClientBase,
  numbers: AudienceNumbers,
  mesh: MeshId | undefined,
  work: (session: Session) => Promise<readonly WriteResult[] | undefined>,
): Promise<BatchDone | undefined> {
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  let committed = false;
  try {
    const log = new PostgresLog(client, numbers);
    const context = { db: kyselyOn(client), log };
    const results = await work({ client, context, mesh });
    if (results === undefined) {
      await client.query("ROLLBACK");
      return undefined;
    }
    await client.query("COMMIT");
    committed = true;
    return { results, appended: log.appended };
  } catch (error) {
    // A connection that is gone has undone it, or will.
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  } finally {
    numbers.settle(committed);
  }
}

/** Nodes take what is past its time away one after the other. */
const tidying = 7_214_902;

/** Without savepoints, which few batches need. Undefined when a write threw. */
async function together(
  session: Session,
  requests: readonly WriteRequest[],
): Promise<readonly WriteResult[] | undefined> {
  try {
    const results: WriteResult[] = [];
    for (const run of runsOf(requests)) {
      results.push(...(await applyRun(session, run)));
    }
    await session.context.log.flush();
    return results;
  } catch (error) {
    if (isFatal(error)) throw error;
    return undefined;
  }
}

/** Each write in its own savepoint. */
async function apart(
  { client, context, mesh }: Session,
  requests: readonly WriteRequest[],
): Promise<readonly WriteResult[]> {
  const { log } = context;
  const results: WriteResult[] = [];
  for (const request of requests) {
    const kept = log.appended.length;
    await client.query("SAVEPOINT write");
    try {
      const applied = await applyRun({ client, context, mesh }, [request]);
      await log.flush();
      results.push(...applied);
    } catch (error) {
      if (isFatal(error)) throw error;
      await client.query("ROLLBACK TO write");
      log.undo(kept);
      results.push({ error: refusal(error) });
    }
    await client.query("RELEASE write");
  }
  return results;
}

const isFatal = (error: unknown): boolean => isCollision(error) || storageCode(error) !== undefined;

const refusal = (error: unknown): MeshError =>
  error instanceof MeshError
    ? error
    : new MeshError("internal", "the write failed", { cause: error });

const appliedOf = (value: MessageOutcome): Applied => ({
  value,
  grew: value.result === "accepted" && !value.repeated,
});

const isMessage = ({ name }: WriteRequest): boolean => name === "appendMessage";

/** Messages that follow each other are one run, everything else is a run by itself. */
function runsOf(requests: readonly WriteRequest[]): WriteRequest[][] {
  const runs: WriteRequest[][] = [];
  for (const request of requests) {
    const last = runs.at(-1)?.[0];
    if (last !== undefined && isMessage(last) && isMessage(request)) runs.at(-1)?.push(request);
    else runs.push([request]);
  }
  return runs;
}

/** Answers one value per request. */
async function applyRun(
  { client, context, mesh }: Session,
  run: readonly WriteRequest[],
): Promise<readonly Applied[]> {
  const { log } = context;
  const [request] = run;
  if (request === undefined || request.name === null) {
    // A transaction begins and ends on a database that takes no writes, too; it locks no row there.
    await client.query("SELECT 1 FROM mesh WHERE false FOR UPDATE");
    return run.map(() => ({ value: undefined, grew: false }));
  }
  if (mesh !== undefined) await log.hold(mesh);
  else await client.query("SELECT pg_advisory_xact_lock($1)", [tidying]);
  if (request.name === "appendMessage") {
    const inputs = run.map(({ input }) => input as MessageAppend);
    const mesh = log.head(inputs[0]?.mesh as MeshId);
    const outcomes = await appendMessages(client, log, mesh, inputs);
    return outcomes.map(appliedOf);
  }
  // It may read or change what the writes before it have left in memory.
  await log.flush();
  const before = log.appended.length;
  const value = await named({ client, context, mesh }, request, request.name);
  await log.flush();
  log.forget();
  return [{ value, grew: log.appended.length > before }];
}

async function named(
  { client, context }: Session,
  { input, note }: WriteRequest,
  name: WriteName,
): Promise<unknown> {
  if (name === "ack") return await acknowledge(client, context.log, input as Ack);
  const before = context.log.appended.length;
  const write = commonWrites[name as Exclude<WriteName, HotWrite>] as WriteFn<WriteName>;
  const outcome = write(context, input as never);
  return await audited(
    context,
    { name, input, note },
    outcome,
    () => context.log.appended.length > before,
  );
}
