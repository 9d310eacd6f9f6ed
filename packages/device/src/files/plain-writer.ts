import { type FileHandle, open } from "node:fs/promises";

const batchBytes = 1 << 20;
/** written before the system is asked to have it on stable storage: the disk works while more comes, and the end is not waited for so long */
const syncBytes = 32 << 20;

/** Writes texts to a file in their order, a batch at a time, while the next batch fills; what waits is bounded by `room`. */
export class PlainWriter {
  readonly #path: string;
  #file: FileHandle | undefined;
  #at: number;
  #filling = Buffer.alloc(batchBytes);
  #spare = Buffer.alloc(batchBytes);
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();
  #syncing: Promise<void> = Promise.resolve();
  #unsynced = 0;
  readonly #more: Uint8Array[] = [];

  constructor(path: string, at: number) {
    this.#path = path;
    this.#at = at;
  }

  async open(): Promise<void> {
    this.#file = await open(this.#path, "r+");
    await this.#file.truncate(this.#at);
  }

  /** Takes a text over; `room` must be awaited before long. */
  put(text: Uint8Array): void {
    if (this.#more.length === 0 && this.#filled + text.length <= batchBytes) {
      this.#filling.set(text, this.#filled);
      this.#filled += text.length;
    } else {
      // Copied, since the piece that it came from is used again.
      this.#more.push(Uint8Array.from(text));
    }
  }

  /** Settles when what was taken over is written or fits what is in memory. */
  async room(): Promise<void> {
    while (this.#more.length > 0) {
      await this.#flush();
      while (this.#more.length > 0) {
        const text = this.#more[0] as Uint8Array;
        if (this.#filled + text.length > batchBytes) break;
        this.#filling.set(text, this.#filled);
        this.#filled += text.length;
        this.#more.shift();
      }
    }
  }

  /** Writes what is left and has all of it on stable storage. */
  async close(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    try {
      await this.room();
      await this.#flush();
      await this.#writing;
      await this.#syncing;
      await file.sync();
    } finally {
      this.#file = undefined;
      await file.close();
    }
  }

  /** Begins to write what has filled, once what was begun before is written. */
  async #flush(): Promise<void> {
    await this.#writing;
    if (this.#filled === 0) return;
    const [full, length, at] = [this.#filling, this.#filled, this.#at];
    [this.#filling, this.#spare] = [this.#spare, full];
    this.#filled = 0;
    this.#at += length;
    this.#writing = this.#write(full, length, at);
    this.#writing.catch(() => {});
  }

  async #write(from: Buffer, length: number, at: number): Promise<void> {
    for (let done = 0; done < length; ) {
      const { bytesWritten } = (await this.#file?.write(from, done, length - done, at + done)) ?? {
        bytesWritten: length,
      };
      done += bytesWritten;
    }
    this.#unsynced += length;
    if (this.#unsynced < syncBytes) return;
    this.#unsynced = 0;
    await this.#syncing;
    this.#syncing = this.#file?.datasync() ?? Promise.resolve();
    this.#syncing.catch(() => {});
  }
}
