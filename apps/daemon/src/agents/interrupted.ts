import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** How much of the end of a transcript is read; an interruption is a short line. */
const endBytes = 16 * 1024;
/** What the agent writes into its transcript in place of the person who stopped it. */
const marker = "[Request interrupted by user";

interface Entry {
  readonly type?: unknown;
  readonly message?: { readonly content?: unknown };
}

/** Looks whether an agent's transcript has come to end with its person's interruption, of which no hook tells. */
export class InterruptionWatch {
  readonly #path: string;
  #size = -1;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether it ends so; false as long as nothing was written since the last look. */
  look(): boolean {
    let file: number;
    try {
      file = openSync(this.#path, "r");
    } catch {
      return false;
    }
    try {
      const { size } = fstatSync(file);
      if (size === this.#size) return false;
      this.#size = size;
      const end = Buffer.alloc(Math.min(endBytes, size));
      const count = readSync(file, end, 0, end.length, size - end.length);
      return endsInterrupted(end.toString("utf8", 0, count));
    } catch {
      return false;
    } finally {
      closeSync(file);
    }
  }
}

/** Whether the last thing said by a person or the model in these lines is an interruption. */
export function endsInterrupted(lines: string): boolean {
  for (const line of lines.split("\n").reverse()) {
    const entry = entryIn(line);
    if (entry?.type === "assistant") return false;
    if (entry?.type === "user") return isInterruption(entry.message?.content);
  }
  return false;
}

function entryIn(line: string): Entry | null | undefined {
  try {
    return JSON.parse(line) as Entry | null;
  } catch {
    // The first one may be cut, the last one may be under way.
    return undefined;
  }
}

function isInterruption(content: unknown): boolean {
  if (typeof content === "string") return content.startsWith(marker);
  if (!Array.isArray(content)) return false;
  return content.some(
    (part: { type?: unknown; text?: unknown } | null) =>
      part?.type === "text" && typeof part.text === "string" && part.text.startsWith(marker),
  );
}
