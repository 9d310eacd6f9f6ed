interface Alarm {
  readonly at: number;
  readonly fn: () => void;
}

/** Time that stands still until the test moves it: a clock and a timer that agree. */
export class ManualClock {
  #at = 1_780_000_000_000;
  readonly #alarms = new Set<Alarm>();
  readonly #awaited: { readonly ms: number; readonly resolve: () => void }[] = [];

  readonly now = (): number => this.#at;

  readonly timer = (ms: number, fn: () => void): (() => void) => {
    const alarm = { at: this.#at + ms, fn };
    this.#alarms.add(alarm);
    for (const awaited of this.#awaited) if (awaited.ms === ms) awaited.resolve();
    return () => void this.#alarms.delete(alarm);
  };

  /** alarms that have not rung */
  get pending(): number {
    return this.#alarms.size;
  }

  /** Settles when an alarm is set for `ms` from then. */
  armed(ms: number): Promise<void> {
    return new Promise((resolve) => this.#awaited.push({ ms, resolve }));
  }

  /** Moves time on, ringing in order what becomes due. */
  advance(ms: number): void {
    const until = this.#at + ms;
    for (;;) {
      const due = [...this.#alarms].filter((alarm) => alarm.at <= until);
      const first = due.sort((a, b) => a.at - b.at)[0];
      if (first === undefined) break;
      this.#alarms.delete(first);
      this.#at = first.at;
      first.fn();
    }
    this.#at = until;
  }
}
