/** Lines kept for who reads a failure; the hash is over all that there were, whole. */
const kept = 4_000;
const keptChars = 240;

/** What happened, in order: a hash over everything, and the last lines for reading. */
export class Trace {
  readonly #lines: string[] = [];
  #high = 0xdeadbeef;
  #low = 0x41c6ce57;
  count = 0;

  add(line: string): void {
    this.count += 1;
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      this.#high = Math.imul(this.#high ^ code, 2654435761);
      this.#low = Math.imul(this.#low ^ code, 1597334677);
    }
    this.#high = Math.imul(this.#high ^ (this.#low >>> 13), 2246822507);
    this.#low = Math.imul(this.#low ^ (this.#high >>> 16), 3266489909);
    if (this.#lines.length >= 2 * kept) this.#lines.splice(0, kept);
    this.#lines.push(line.length > keptChars ? `${line.slice(0, keptChars)}…` : line);
  }

  get lines(): readonly string[] {
    return this.#lines.slice(-kept);
  }

  /** Tells two courses apart; it is no proof against who wants them to collide. */
  get hash(): string {
    return [this.#high, this.#low]
      .map((half) => (half >>> 0).toString(16).padStart(8, "0"))
      .join("");
  }
}
