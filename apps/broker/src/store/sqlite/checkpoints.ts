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

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  hasEnded: boolean;
}

function startThread(path: string): Thread {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL("./checkpointer.js", import.meta.url), {
    workerData: { path, port: port2 },
    transferList: [port2],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  const thread: Thread = { worker, port: port1, hasEnded: false };
  // Without the thread the writer's own bound is what is left, which is slower and as safe.
  worker.on("error", () => {});
  worker.on("exit", () => {
    thread.hasEnded = true;
  });
  worker.unref();
  return thread;
}

/**
 * Copies the write-ahead log into the database file beside the commits instead of between them, on a thread of its own, which starts when there is
 * enough to copy: most stores close before. Should it fall behind or fail, the writer's connection does it by itself at its own, higher bound (`wal_autocheckpoint`).
 */
export class Checkpoints {
  readonly #path: string;
  #thread: Thread | undefined;
  #isBusy = false;
  #bytes = 0;
  #isDue = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** To be called after each commit with the writes and the characters of text in it. Answers whether the writer must checkpoint now. */
  committed(writes: number, chars: number): boolean {
    // Asked for, since a writer with enough to do never comes to its event loop.
    const answer = this.#thread && receiveMessageOnPort(this.#thread.port);
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
      this.#thread ??= startThread(this.#path);
      this.#thread.port.postMessage("checkpoint");
    }
    return isDue;
  }

  /** Ends the thread; the writer closes its connection after it, since the last one to close empties the log. */
  async close(): Promise<void> {
    const { worker, port, hasEnded } = this.#thread ?? { hasEnded: true };
    if (hasEnded) return;
    worker.ref();
    const exited = once(worker, "exit");
    port.postMessage("close");
    await exited;
  }
}
