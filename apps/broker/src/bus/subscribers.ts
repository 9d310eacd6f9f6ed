import type { BusListener } from "./port.ts";

/** Who of this node listens to what. */
export class Subscribers {
  readonly #listeners = new Map<string, Set<BusListener>>();
  readonly #log: (event: string, cause: unknown) => void;

  constructor(log: (event: string, cause: unknown) => void = () => {}) {
    this.#log = log;
  }

  /** Answers a function that takes it off again. */
  add(subject: string, listener: BusListener): () => void {
    const all = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, all.add(listener));
    return () => {
      all.delete(listener);
      if (all.size === 0 && this.#listeners.get(subject) === all) this.#listeners.delete(subject);
    };
  }

  /** What is listened to. */
  get subjects(): string[] {
    return [...this.#listeners.keys()];
  }

  has(subject: string): boolean {
    return this.#listeners.has(subject);
  }

  /** Hands a signal to those who listen to its subject, and to its kind in every mesh. */
  hand(subject: string, payload: string): void {
    this.handTo(subject, subject, payload);
    this.handTo(`*${subject.slice(subject.indexOf("."))}`, subject, payload);
  }

  /** Hands a signal to those who listen by `listened`. One that throws keeps nothing from the others. */
  handTo(listened: string, subject: string, payload: string): void {
    for (const listener of this.#listeners.get(listened) ?? []) {
      try {
        listener(payload, subject);
      } catch (cause) {
        this.#log("bus listener failed", cause);
      }
    }
  }
}
