/** How long the store goes without a commit, told in two lines, however often it was asked meanwhile. */
export class Outage {
  readonly #log: (event: string, cause: unknown) => void;
  #refused = 0;

  constructor(log: (event: string, cause: unknown) => void) {
    this.#log = log;
  }

  /** A batch could not be committed. */
  failed(cause: unknown): void {
    this.#refused += 1;
    if (this.#refused === 1) this.#log("store could not commit", cause);
  }

  /** A batch was committed. */
  worked(): void {
    if (this.#refused === 0) return;
    const batches = this.#refused === 1 ? "1 batch" : `${this.#refused} batches`;
    this.#refused = 0;
    this.#log("store commits again", `${batches} of writes had been refused`);
  }
}
