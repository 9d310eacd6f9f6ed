import { once } from "node:events";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";

/** What `PRAGMA wal_checkpoint` answers: pages in the write-ahead log, and how many of them are in the database file. */
interface Progress {
  readonly log: number;
  readonly checkpointed: number;
}

/** what may be committed before the thread copies it */
const stepBytes = 8 * 1024 * 1024;
/** pages in the log from which the writer itself copies the few that the thread has left, so that the log begins anew */
const finishPages = 4_000;
/** roughly what a commit and each of its writes add to the log beside their text */
const perCommitBytes = 48 * 1024;
const perWriteBytes = 1024;

/**
 * Copies the write-ahead log into the database file beside the commits instead of between them, on a thread of its own. Should it fall behind or
 * fail, the writer's connection does it by itself at its own, higher bound (`wal_autocheckpoint`).
 */
export class Checkpoints {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #isBusy = false;
  #hasEnded = false;
  #bytes = 0;
  #isDue = false;

  constructor(path: string) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(new URL("./checkpointer.js", import.meta.url), {
      workerData: { path, port: port2 },
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    // Without the thread the writer's own bound is what is left, which is slower and as safe.
    this.#worker.on("error", () => {});
    this.#worker.on("exit", () => {
      this.#hasEnded = true;
    });
    this.#worker.unref();
  }

  /** To be called after each commit with the writes and the characters of text in it. Answers whether the writer must checkpoint now. */
  committed(writes: number, chars: number): boolean {
    // Asked for, since a writer with enough to do never comes to its event loop.
    const answer = receiveMessageOnPort(this.#port);
    if (answer !== undefined) {
      this.#isBusy = false;
      this.#isDue = (answer.message as Progress).log >= finishPages;
    }
    this.#bytes += perCommitBytes + writes * perWriteBytes + chars;
    if (this.#isBusy) return false;
    const isDue = this.#isDue;
    this.#isDue = false;
    if (!isDue && this.#bytes >= stepBytes) {
      this.#isBusy = true;
      this.#bytes = 0;
      this.#port.postMessage("checkpoint");
    }
    return isDue;
  }

  /** Ends the thread; the writer closes its connection after it, since the last one to close empties the log. */
  async close(): Promise<void> {
    if (this.#hasEnded) return;
    this.#worker.ref();
    const exited = once(this.#worker, "exit");
    this.#port.postMessage("close");
    await exited;
  }
}
