import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { type ErrorExtras, MeshError } from "@claudemesh/protocol";
import type { BatchDone, FromWriter, ToWriter, WriteRequest, WriteResult } from "./messages.ts";
import type { WriteInput, WriteName, WriteOutput } from "./write-context.ts";

/** Beyond either, a write is refused at once instead of waiting in memory. */
const mostWaiting = 20_000;
const mostWaitingChars = 128 * 1024 * 1024;

/** Requests that travel together at most, so that the thread works on the first of a long turn while the rest is still read. */
const mostTogether = 32;

export interface WriterOptions {
  readonly path: string;
  /** the most writes that one transaction takes */
  readonly commitLimit: number;
  readonly onAppended: (appended: BatchDone["appended"]) => void;
  /** told once if the thread ends by itself; the store is unusable from then on */
  readonly onFailure: (cause: unknown) => void;
}

interface Waiting {
  readonly chars: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: MeshError) => void;
}

/** The event loop's side of the writer's thread. Requests of one turn travel together, up to a bound; answers come in the order of the requests. */
export class WriterClient {
  readonly #worker: Worker;
  readonly #options: WriterOptions;
  readonly #waiting: Waiting[] = [];
  #unsent: WriteRequest[] = [];
  #chars = 0;
  #ended: MeshError | undefined;
  #drained: (() => void) | undefined;
  #exited = false;

  private constructor(worker: Worker, options: WriterOptions) {
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
    const worker = new Worker(new URL(`./writer${extname(import.meta.url)}`, import.meta.url), {
      workerData: { path: options.path, commitLimit: options.commitLimit },
    });
    const [first] = (await Promise.race([once(worker, "message"), once(worker, "exit")])) as [
      FromWriter | number,
    ];
    if (first !== "ready") throw new MeshError("internal", "the writer did not start");
    return new WriterClient(worker, options);
  }

  /** Runs a named write; settles after its commit is on stable storage. */
  write<N extends WriteName>(name: N, input: WriteInput<N>): Promise<WriteOutput<N>> {
    const request = { name, input } as WriteRequest;
    return this.#request(request, charsOf(input)) as Promise<WriteOutput<N>>;
  }

  /** Resolves when a transaction could begin and end after everything that waits now. */
  async check(): Promise<void> {
    await this.#request({ name: null }, 0);
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

  #request(request: WriteRequest, chars: number): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#waiting.length >= mostWaiting || this.#chars + chars > mostWaitingChars) {
      return Promise.reject(new MeshError("unavailable", "too many writes are waiting"));
    }
    if (this.#unsent.length === 0) setImmediate(() => this.#flush());
    this.#unsent.push(request);
    this.#chars += chars;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.push({ chars, resolve, reject });
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

  #settle({ results, appended }: BatchDone): void {
    const settled = this.#waiting.splice(0, results.length);
    for (const [index, waiting] of settled.entries()) {
      this.#chars -= waiting.chars;
      const result = results[index] as WriteResult;
      if ("error" in result) waiting.reject(toError(result));
      else waiting.resolve(result.value);
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

function toError({ error, cause }: Extract<WriteResult, { error: unknown }>): MeshError {
  const { code, message, ...extras } = error;
  return new MeshError(code, message, { ...(extras as ErrorExtras), cause });
}

/** What an input weighs while it waits: its bodies, and a flat share for the rest. */
function charsOf(input: object): number {
  const flat = 1024;
  if ("body" in input && typeof input.body === "string") return flat + input.body.length;
  if ("receipts" in input && Array.isArray(input.receipts)) {
    return (input.receipts as { body: string }[]).reduce(
      (sum, { body }) => sum + body.length,
      flat,
    );
  }
  return flat;
}
