import type { Store } from "../store/port.ts";
import type { BlobStore } from "./port.ts";

const batch = 100;
/** how often what no row names any more is looked for among all blobs */
const orphansEveryMs = 3_600_000;

/** Takes away files past their time, uploads that nobody finished, and blobs that no file names any more. */
export class BlobSweep {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #now: () => number;
  #orphansAt = Number.NEGATIVE_INFINITY;

  constructor(store: Store, blobs: BlobStore, now: () => number) {
    this.#store = store;
    this.#blobs = blobs;
    this.#now = now;
  }

  /** One round; answers how many went. A crash between row and bytes leaves an orphan, which goes with a later round. */
  async run(): Promise<number> {
    let gone = 0;
    for (let done = batch; done >= batch; gone += done) {
      const due = await this.#store.write.forgetFiles({ now: this.#now(), limit: batch });
      for (const blob of due) await this.#blobs.delete(blob);
      done = due.length;
    }
    if (this.#now() - this.#orphansAt < orphansEveryMs) return gone;
    this.#orphansAt = this.#now();
    return gone + (await this.orphans());
  }

  /** Deletes the blobs that no row names; a row is there before its first byte comes. Of those that are whole, what a crash left beside their parts. */
  async orphans(): Promise<number> {
    let gone = 0;
    for await (const blob of this.#blobs.list()) {
      const row = await this.#store.read.file(blob.mesh, blob.file);
      if (row !== undefined) {
        if (row.manifest !== undefined) await this.#blobs.tidy(blob);
        continue;
      }
      await this.#blobs.delete(blob);
      gone += 1;
    }
    return gone;
  }
}
