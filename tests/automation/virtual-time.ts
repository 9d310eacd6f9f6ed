import { systemTimer } from "../../apps/broker/src/timer.ts";

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until it is moved, and the timers that it sets off. What runs again and again goes by the real clock. */
export class VirtualTime {
  #now: number;
  readonly #waiting = new Set<Waiting>();
  readonly now = (): number => this.#now;
  readonly timer = {
    after: (ms: number, run: () => void): (() => void) => {
      if (ms <= 0) {
        const soon = setImmediate(run);
        return () => clearImmediate(soon);
      }
      const one = { at: this.#now + ms, run };
      this.#waiting.add(one);
      return () => void this.#waiting.delete(one);
    },
    every: systemTimer.every,
  };

  constructor(start: number) {
    this.#now = start;
  }

  /** Moves the clock on, and sets off what is due by then. */
  advance(ms: number): void {
    this.#now += ms;
    const due = [...this.#waiting].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    for (const one of due) {
      if (this.#waiting.delete(one)) one.run();
    }
  }
}
