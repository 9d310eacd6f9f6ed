import { systemTimer } from "../../../apps/broker/src/timer.ts";

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

/** A timer whose waits of one length are over when a test says so, however long that takes; others go by the real clock. */
export class HeldTimer {
  readonly every = systemTimer.every;
  readonly #ms: number;
  readonly #held = new Set<() => void>();

  constructor(ms: number) {
    this.#ms = ms;
  }

  after = (ms: number, run: () => void): (() => void) => {
    if (ms !== this.#ms) return systemTimer.after(ms, run);
    this.#held.add(run);
    return () => this.#held.delete(run);
  };

  /** Ends every wait of that length that has begun. */
  pass(): void {
    for (const run of [...this.#held]) if (this.#held.delete(run)) run();
  }
}
