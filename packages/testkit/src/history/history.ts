import type { HistoryEvent, Report } from "./event.ts";

/** Records what processes say, in the order in which it was heard. */
export class History {
  readonly #events: HistoryEvent[] = [];
  /** attempts of each process that have no outcome yet */
  readonly #open = new Map<string, Set<string>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  record(process: string, report: Report): void {
    this.#events.push({ at: this.#now(), process, ...report });
    if (report.kind === "attempt") this.#openOf(process).add(report.value);
    else if (report.kind !== "shown") this.#open.get(process)?.delete(report.value);
  }

  /** A process is gone: what it had begun is in doubt. */
  ended(process: string): void {
    for (const value of this.#open.get(process) ?? []) {
      this.#events.push({
        at: this.#now(),
        process,
        value,
        kind: "in_doubt",
        why: "the sender's process ended",
      });
    }
    this.#open.delete(process);
  }

  /** Everything that was said about one message. */
  of(value: string): readonly HistoryEvent[] {
    return this.#events.filter((event) => event.value === value);
  }

  #openOf(process: string): Set<string> {
    const open = this.#open.get(process) ?? new Set<string>();
    this.#open.set(process, open);
    return open;
  }
}
