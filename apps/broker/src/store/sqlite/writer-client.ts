import { type EventEmitter, once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { type ErrorExtras, MeshError, type MeshId } from "@claudemesh/protocol";
import type { AuditNote } from "../audit-port.ts";
import type { LogEntry, MessageAppend, StoreQueue } from "../port.ts";
import { charsOf, mostWaiting, mostWaitingChars, type WriteMeter } from "../writing/waiting.ts";
import type { WriteInput, WriteName, WriteOutput } from "../writing/write-context.ts";
import {
  type Appended,
  type BatchDone,
  type FromWriter,
  pack,
  type ToWriter,
  type WriteRequest,
  type WriteResult,
} from "./messages.ts";

/** Requests that travel together at most, so that the thread works on the first of a long turn while the rest is still read. */
const mostTogether = 32;

/** What runs the batches: takes requests, answers each batch as a `message`, says `exit` when it is gone. */
export interface WriterThread extends EventEmitter {
  postMessage(message: ToWriter): void;
}

export type SpawnWriter = (path: string, commitLimit: number) => WriterThread;

export interface WriterOptions {
  readonly path: string;
  /** the most writes that one transaction takes */
  readonly commitLimit: number;
  /** starts what writes; by default a thread of its own */
  readonly spawn?: SpawnWriter | undefined;
  readonly meter?: WriteMeter | undefined;
  /** told after each commit what it appended, per mesh in seq order */
  readonly onAppended: (appended: ReadonlyMap<MeshId, readonly LogEntry[]>) => void;
  /** told once if the thread ends by itself; the store is unusable from then on */
  readonly onFailure: (cause: unknown) => void;
}

interface Waiting {
  /** when it was asked for, by the meter's clock */
  readonly since: number;
  readonly input: object;
  readonly chars: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: MeshError) => void;
}

const youngMb = 24;

const startThread: SpawnWriter = (path, commitLimit) =>
  new Worker(new URL(`./writer${extname(import.meta.url)}`, import.meta.url), {
    workerData: { path, commitLimit },
    // What the thread is given lives for one commit; more room would only grow the process.
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  });

/** The event loop's side of the writer's thread. Requests of one turn travel together, up to a bound; answers come in the order of the requests. */
export class WriterClient {
  readonly #worker: WriterThread;
  readonly #options: WriterOptions;
  readonly #waiting: Waiting[] = [];
  #unsent: WriteRequest[] = [];
  #chars = 0;
  #ended: MeshError | undefined;
  #drained: (() => void) | undefined;
  #exited = false;

  private constructor(worker: WriterThread, options: WriterOptions) {
    this.#worker = worker;
    this.#options = options;
    worker.on("message", (done: BatchDone) => this.#settle(done));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", (code) => {
      this.#exited = true;
      this.#fail(`the writer ended with code ${code}`);
    });
  }

  /** Starts the thread; resolves when its connection is open. */
  static async start(options: WriterOptions): Promise<WriterClient> {
    const { path, commitLimit, spawn = startThread } = options;
    const worker = spawn(path, commitLimit);
    const [first] = (await Promise.race([once(worker, "message"), once(worker, "exit")])) as [
      FromWriter | number,
    ];
    if (first !== "ready") throw new MeshError("internal", "the writer did not start");
    return new WriterClient(worker, options);
  }

  /** Runs a named write; settles after its commit is on stable storage. */
  write<N extends WriteName>(
    name: N,
    input: WriteInput<N>,
    note?: AuditNote,
  ): Promise<WriteOutput<N>> {
    const request = (isPackable(name, input) ? pack(input) : { name, input, note }) as WriteRequest;
    return this.#request(request, input, charsOf(input)) as Promise<WriteOutput<N>>;
  }

  /** What waits for its commit now. */
  get queue(): StoreQueue {
    return { writes: this.#waiting.length, chars: this.#chars };
  }

  /** Resolves when a transaction could begin and end after everything that waits now. */
  async check(): Promise<void> {
    await this.#request({ name: null }, {}, 0);
  }

  /** Refuses new writes and waits for those under way. */
  async drain(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#ended = new MeshError("unavailable", "the store is closed");
    if (this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Ends the thread, after `drain`. */
  async end(): Promise<void> {
    if (this.#exited) return;
    const exited = once(this.#worker, "exit");
    this.#post("close");
    await exited;
  }

  #request(request: WriteRequest, input: object, chars: number): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#waiting.length >= mostWaiting || this.#chars + chars > mostWaitingChars) {
      return Promise.reject(new MeshError("unavailable", "too many writes are waiting"));
    }
    if (this.#unsent.length === 0) setImmediate(() => this.#flush());
    this.#unsent.push(request);
    this.#chars += chars;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const since = this.#options.meter?.ticks() ?? 0;
    this.#waiting.push({ since, input, chars, resolve, reject });
    if (this.#unsent.length >= mostTogether) this.#flush();
    return promise;
  }

  #flush(): void {
    const requests = this.#unsent;
    this.#unsent = [];
    if (requests.length > 0) this.#post(requests);
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #settle({ results }: BatchDone): void {
    const settled = this.#waiting.splice(0, results.length);
    const appended = new Map<MeshId, LogEntry[]>();
    const { meter } = this.#options;
    const now = meter?.ticks() ?? 0;
    for (const [index, { since, chars, input, resolve, reject }] of settled.entries()) {
      this.#chars -= chars;
      const result = results[index] as WriteResult;
      meter?.wrote(now - since, appends(result));
      if (typeof result === "number") {
        const message = input as MessageAppend;
        add(appended, appendedAs(message, result));
        resolve({ result: "accepted", seq: result, at: message.at, repeated: false });
      } else if ("error" in result) {
        reject(toError(result));
      } else {
        for (const one of result.appended) add(appended, one);
        resolve(result.value);
      }
    }
    this.#options.onAppended(appended);
    if (this.#waiting.length === 0) this.#drained?.();
  }

  #fail(cause: unknown): void {
    if (this.#ended === undefined) {
      this.#ended = new MeshError("unavailable", "the store's writer has stopped", { cause });
      this.#options.onFailure(cause);
    }
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#ended);
    this.#unsent = [];
    this.#drained?.();
  }
}

const appends = (result: WriteResult): boolean =>
  typeof result === "number" || ("appended" in result && result.appended.length > 0);

function add(meshes: Map<MeshId, LogEntry[]>, { mesh, entry }: Appended): void {
  const entries = meshes.get(mesh);
  if (entries === undefined) meshes.set(mesh, [entry]);
  else entries.push(entry);
}

/** A message that was appended as it was asked for. */
function appendedAs(input: MessageAppend, seq: number): Appended {
  const { mesh, id, audience, kind, sender, at, body } = input;
  return { mesh, entry: { seq, id, audience, kind, sender, at, body } };
}

function toError({ error, cause }: Extract<WriteResult, { error: unknown }>): MeshError {
  const { code, message, ...extras } = error;
  return new MeshError(code, message, { ...(extras as ErrorExtras), cause });
}

/** Whether it is one entry and nothing else. */
const isPackable = (name: WriteName, input: unknown): input is MessageAppend =>
  name === "appendMessage" &&
  (input as MessageAppend).mentions === undefined &&
  (input as MessageAppend).named === undefined;
