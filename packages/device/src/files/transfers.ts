import type { FileId, FileTransfer } from "@claudemesh/protocol";
import { weighBuffers } from "./weigh-buffers.ts";

/** A transfer under way, as it is counted on. */
export interface Counting {
  done: number;
}

interface Running {
  readonly told: Omit<FileTransfer, "done" | "state">;
  readonly counting: Counting;
}

/** The transfers that go on in this process, so that each is done once and can be watched. */
export class Transfers {
  readonly #running = new Set<Running>();
  readonly #uploads = new Map<FileId, Promise<void>>();

  /** Counts a transfer while it goes on. */
  async watch<T>(
    told: Omit<FileTransfer, "done" | "state">,
    work: (counting: Counting) => Promise<T>,
  ): Promise<T> {
    weighBuffers();
    const running = { told, counting: { done: 0 } };
    this.#running.add(running);
    try {
      return await work(running.counting);
    } finally {
      this.#running.delete(running);
    }
  }

  /** The upload of this file: the one that goes on, or the one that begins now. */
  once(id: FileId, begin: () => Promise<void>): Promise<void> {
    const known = this.#uploads.get(id);
    if (known !== undefined) return known;
    const upload = begin().finally(() => this.#uploads.delete(id));
    this.#uploads.set(id, upload);
    return upload;
  }

  get all(): FileTransfer[] {
    return [...this.#running].map(({ told, counting }) => ({
      ...told,
      state: "running",
      done: counting.done,
    }));
  }
}
