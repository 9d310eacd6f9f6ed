import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Read at once; what is over that comes with the next look. */
const chunkBytes = 1024 * 1024;
/** A line longer than this, such as one with a picture, is passed over. */
const mostLineBytes = 4 * chunkBytes;
/** How far back a transcript is read that was not followed from its beginning. */
const backBytes = 4 * chunkBytes;

/**
 * Kinds of lines that say what the model was shown or said itself. Others, such as what waits in the agent's own queue, prove nothing. The format is the agent's own and
 * may change: what is not understood is passed over.
 */
const proving: ReadonlySet<unknown> = new Set(["assistant", "attachment", "system", "user"]);

/** Follows an agent's transcript, a file of JSON lines that grows, and finds message ids in it. */
export class TranscriptTail {
  readonly path: string;
  #offset: number | undefined;
  #carry = Buffer.alloc(0);
  /** within a line that is too long */
  #isSkipping = false;
  /** ids that were looked for the last time */
  #asked: ReadonlySet<string> = new Set();

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Which of `ids` stand in what was written since the last look, and those that were not looked for then also shortly before it; reads little at once unless `isLast`.
   * A file that cannot be read shows nothing.
   */
  find(ids: readonly string[], isLast = false): string[] {
    const found = new Set<string>();
    let file: number;
    try {
      file = openSync(this.path, "r");
    } catch {
      return [];
    }
    try {
      const { size, isFile } = statOf(file);
      if (!isFile) return [];
      const isNew = ids.some((id) => !this.#asked.has(id));
      this.#asked = new Set(ids);
      this.#place(size);
      // An agent may write down what it was given before it is known here that it took it.
      if (isNew) this.#stepBack();
      const most = isLast ? backBytes / chunkBytes + 1 : isNew ? 2 : 1;
      for (let i = 0; i < most && this.#read(file, ids, found); i += 1);
    } catch {
      // A file that is replaced or cut while it is read is looked at again the next time.
    } finally {
      closeSync(file);
    }
    return [...found];
  }

  /** Nothing that was written so far matters any more, except what is close to the end. */
  leap(): void {
    this.#offset = undefined;
  }

  /** A file that became shorter is another one. */
  #place(size: number): void {
    if (this.#offset === undefined || this.#offset > size) {
      this.#offset = Math.max(0, size - backBytes);
      this.#carry = Buffer.alloc(0);
      this.#isSkipping = this.#offset > 0;
    }
  }

  #stepBack(): void {
    this.#offset = Math.max(0, (this.#offset ?? 0) - chunkBytes);
    this.#carry = Buffer.alloc(0);
    this.#isSkipping = this.#offset > 0;
  }

  #read(file: number, ids: readonly string[], found: Set<string>): boolean {
    const chunk = Buffer.alloc(chunkBytes);
    const count = readSync(file, chunk, 0, chunkBytes, this.#offset ?? 0);
    if (count === 0) return false;
    this.#offset = (this.#offset ?? 0) + count;
    let rest = Buffer.concat([this.#carry, chunk.subarray(0, count)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      if (!this.#isSkipping) look(rest.subarray(0, end).toString("utf8"), ids, found);
      this.#isSkipping = false;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > mostLineBytes) this.#isSkipping = true;
    this.#carry = this.#isSkipping ? Buffer.alloc(0) : Buffer.from(rest);
    return count === chunkBytes;
  }
}

function statOf(file: number): { size: number; isFile: boolean } {
  const stat = fstatSync(file);
  return { size: stat.size, isFile: stat.isFile() };
}

function look(line: string, ids: readonly string[], found: Set<string>): void {
  const named = ids.filter((id) => line.includes(id));
  if (named.length === 0) return;
  try {
    const entry = JSON.parse(line) as { type?: unknown } | null;
    if (proving.has(entry?.type)) for (const id of named) found.add(id);
  } catch {
    // Not a line of JSON: it proves nothing.
  }
}
