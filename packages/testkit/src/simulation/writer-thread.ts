import { EventEmitter } from "node:events";
import type { DatabaseSync } from "node:sqlite";
import { BatchWriter } from "../../../../apps/broker/src/store/sqlite/batch-writer.ts";
import { openForWriting } from "../../../../apps/broker/src/store/sqlite/connection.ts";
import type { ToWriter, WriteRequest } from "../../../../apps/broker/src/store/sqlite/messages.ts";
import type { WriterThread } from "../../../../apps/broker/src/store/sqlite/writer-client.ts";
import type { Seeded } from "../faults/seeded.ts";
import { sizeOf } from "./disk.ts";
import type { SimProcess } from "./sim-process.ts";

export interface WriterThreadOptions {
  readonly path: string;
  readonly commitLimit: number;
  readonly process: SimProcess;
  readonly random: Seeded;
  /** told before each batch, with the connection that it is going to use */
  readonly beforeBatch?: (db: DatabaseSync) => void;
  /** whether commits wait for the disk; a planted bug says no */
  readonly syncs: boolean;
}

const unlimited = 1_073_741_823;

/** The writer's thread in virtual time: the real batches on real SQLite, each with its own time on the disk before the answer is on its way. */
export class SimWriterThread extends EventEmitter implements WriterThread {
  readonly #options: WriterThreadOptions;
  readonly #writer: BatchWriter;
  readonly #waiting: WriteRequest[] = [];
  #db: DatabaseSync | undefined;
  #isBusy = false;
  #isClosing = false;
  #isFull = false;
  /** bytes of the write-ahead log that survive a power cut */
  syncedBytes: number;

  constructor(options: WriterThreadOptions) {
    super();
    this.#options = options;
    this.syncedBytes = sizeOf(`${options.path}-wal`);
    this.#writer = new BatchWriter(options.path, (path) => this.#connect(path));
    this.#writer.open();
    options.process.after(0.1, () => this.emit("message", "ready"));
  }

  postMessage(message: ToWriter): void {
    if (message === "close") this.#isClosing = true;
    else this.#waiting.push(...structuredClone(message));
    this.#options.process.after(this.#ms(0.3), () => this.#begin());
  }

  /** From now on the disk holds no more than it does already, or as much as before. */
  setFull(isFull: boolean): void {
    this.#isFull = isFull;
    if (this.#db?.isOpen) limitPages(this.#db, isFull);
  }

  /** The process is gone: nothing is answered any more. */
  kill(): void {
    this.emit("exit", 9);
    this.#writer.close();
  }

  #begin(): void {
    if (this.#isBusy) return;
    if (this.#waiting.length > 0) {
      this.#isBusy = true;
      return void this.#options.process.after(this.#ms(1), () => this.#run());
    }
    if (!this.#isClosing) return;
    this.#writer.close();
    this.emit("exit", 0);
  }

  async #run(): Promise<void> {
    const { process, commitLimit, beforeBatch, path, syncs } = this.#options;
    this.#writer.open();
    if (this.#db !== undefined) beforeBatch?.(this.#db);
    const done = await this.#writer.run(this.#waiting.splice(0, commitLimit));
    if (this.#options.random.chance(0.1)) this.#writer.checkpoint();
    if (syncs) this.syncedBytes = sizeOf(`${path}-wal`);
    process.after(this.#ms(2), () => {
      this.emit("message", structuredClone(done));
      this.#isBusy = false;
      this.#begin();
    });
  }

  #ms(most: number): number {
    return this.#options.random.fraction() * most;
  }

  #connect(path: string): DatabaseSync {
    const db = openForWriting(path);
    this.#db = db;
    if (this.#isFull) limitPages(db, true);
    return db;
  }
}

/** SQLite's own limit: beyond it every write that needs another page fails as on a full disk. */
export function limitPages(db: Pick<DatabaseSync, "exec" | "prepare">, isFull: boolean): void {
  const { page_count: pages } = db.prepare("PRAGMA page_count").get() as { page_count: number };
  db.exec(`PRAGMA max_page_count = ${isFull ? pages : unlimited}`);
}
