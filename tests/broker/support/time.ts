/** A clock that a test moves on, and a timer whose repeated work runs when it does. */
export class MovedTime {
  readonly #repeated = new Set<() => void>();
  #ahead = 0;
  readonly now = () => Date.now() + this.#ahead;
  readonly timer = {
    after(ms: number, run: () => void) {
      const timer = setTimeout(run, ms).unref();
      return () => clearTimeout(timer);
    },
    every: (_ms: number, run: () => void) => {
      this.#repeated.add(run);
      return () => this.#repeated.delete(run);
    },
  };

  pass(ms: number): void {
    this.#ahead += ms;
    for (const run of [...this.#repeated]) run();
  }
}
