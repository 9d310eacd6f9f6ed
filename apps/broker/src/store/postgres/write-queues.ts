import { MeshError, type MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { LogEntry, StoreQueue } from "../port.ts";
import { charsOf, mostWaiting, mostWaitingChars, type WriteMeter } from "../writing/waiting.ts";
import { AudienceNumbers } from "./audience-numbers.ts";
import { type BatchDone, runBatch, type WriteRequest, type WriteResult } from "./batch.ts";
import { storageCode, storageError } from "./errors.ts";

export interface WriteQueuesOptions {
  readonly pool: pg.Pool;
  /** how many transactions run at once, each of another mesh */
  readonly writers: number;
  /** the most writes that one transaction takes */
  readonly commitLimit: number;
  readonly meter?: WriteMeter | undefined;
  /** throws where nothing may be written now */
  readonly require: () => void;
  /** told after each commit that appended, in the order of the commits of a mesh */
  readonly onCommitted: (mesh: MeshId, entries: readonly LogEntry[]) => void;
  /** told of each batch that was committed */
  readonly onDone: () => void;
  /** told of each that was not, or of which that is not known; its mesh where it has one */
  readonly onFailed: (mesh: MeshId | undefined, cause: unknown) => void;
}

interface Waiting extends WriteRequest {
  readonly since: number;
  readonly chars: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: MeshError) => void;
}

/** What writes of no one mesh wait under. */
const ofNone = "";
/** text that one transaction takes, besides what one write brings */
const batchChars = 8 * 1024 * 1024;

/** One queue per mesh: whatever waits for a mesh when its last transaction is over becomes the next one. */
export class WriteQueues {
  readonly #options: WriteQueuesOptions;
  readonly #numbers = new Map<string, AudienceNumbers>();
  readonly #queues = new Map<string, Waiting[]>();
  readonly #ready: string[] = [];
  #running = 0;
  #writes = 0;
  #chars = 0;
  #ended: MeshError | undefined;
  #drained: (() => void) | undefined;

  constructor(options: WriteQueuesOptions) {
    this.#options = options;
  }

  /** What waits for its commit now. */
  get queue(): StoreQueue {
    return { writes: this.#writes, chars: this.#chars };
  }

  /** Settles after the write's commit is on stable storage. */
  request(mesh: MeshId | undefined, request: WriteRequest): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const chars = charsOf(request.input);
    if (this.#writes >= mostWaiting || this.#chars + chars > mostWaitingChars) {
      return Promise.reject(new MeshError("unavailable", "too many writes are waiting"));
    }
    this.#writes += 1;
    this.#chars += chars;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const since = this.#options.meter?.ticks() ?? 0;
    const key = mesh ?? ofNone;
    const queue = this.#queues.get(key);
    const waiting = { ...request, since, chars, resolve, reject };
    if (queue !== undefined) queue.push(waiting);
    else {
      this.#queues.set(key, [waiting]);
      this.#ready.push(key);
      // What is asked for in the same turn goes along.
      setImmediate(() => this.#start());
    }
    return promise;
  }

  /** Refuses new writes and waits for those under way. */
  async drain(): Promise<void> {
    this.#ended ??= new MeshError("unavailable", "the store is closed");
    if (this.#writes === 0 && this.#running === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  #start(): void {
    while (this.#running < this.#options.writers) {
      const key = this.#ready.shift();
      if (key === undefined) return;
      this.#running += 1;
      void this.#turn(key);
    }
  }

  /** One transaction of a mesh; then it stands in line again if more has come. */
  async #turn(key: string): Promise<void> {
    const queue = this.#queues.get(key) ?? [];
    const batch = queue.splice(0, this.#fitting(queue));
    const done = await this.#commit(key, batch).catch((error: unknown) => {
      this.#options.onFailed(key === ofNone ? undefined : (key as MeshId), error);
      const failure = { error: failureOf(error) };
      return { results: batch.map(() => failure), appended: [] };
    });
    this.#settle(batch, done.results);
    if (done.appended.length > 0) this.#options.onCommitted(key as MeshId, done.appended);
    this.#running -= 1;
    if (queue.length > 0) this.#ready.push(key);
    else this.#queues.delete(key);
    if (this.#writes === 0 && this.#running === 0) this.#drained?.();
    this.#start();
  }

  #fitting(queue: readonly Waiting[]): number {
    const { commitLimit } = this.#options;
    let chars = 0;
    const end = queue.findIndex((waiting, index) => {
      chars += waiting.chars;
      return index > 0 && (index >= commitLimit || chars > batchChars);
    });
    return end < 0 ? queue.length : end;
  }

  async #commit(key: string, batch: readonly WriteRequest[]): Promise<BatchDone> {
    this.#options.require();
    const client = await this.#options.pool.connect();
    try {
      const mesh = key === ofNone ? undefined : (key as MeshId);
      const done = await runBatch(client, this.#numbersOf(key), mesh, batch);
      client.release();
      this.#options.onDone();
      return done;
    } catch (error) {
      // Whatever state it is in, nobody else gets it.
      client.release(true);
      throw error;
    }
  }

  #numbersOf(key: string): AudienceNumbers {
    const known = this.#numbers.get(key) ?? new AudienceNumbers();
    this.#numbers.delete(key);
    this.#numbers.set(key, known);
    if (this.#numbers.size > meshesKnown) {
      for (const oldest of this.#numbers.keys()) {
        if (oldest === key) continue;
        this.#numbers.delete(oldest);
        break;
      }
    }
    return known;
  }

  #settle(batch: readonly Waiting[], results: readonly WriteResult[]): void {
    const { meter } = this.#options;
    const now = meter?.ticks() ?? 0;
    for (const [index, { chars, reject, resolve, since }] of batch.entries()) {
      this.#writes -= 1;
      this.#chars -= chars;
      const result = results[index] as WriteResult;
      meter?.wrote(now - since, "grew" in result && result.grew);
      if ("error" in result) reject(result.error);
      else resolve(result.value);
    }
  }
}

/** Meshes of which audiences' numbers are kept. */
const meshesKnown = 200;

function failureOf(error: unknown): MeshError {
  if (error instanceof MeshError) return error;
  const cause = storageError(error);
  if (storageCode(error) === "disk_full" && cause instanceof MeshError) return cause;
  return new MeshError("unavailable", "the store could not commit", { cause: error });
}
