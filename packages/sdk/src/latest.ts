import { PullIterator } from "./pull-iterator.ts";

/** A value that changes, and its watchers. A slow watcher misses the values in between, never the last one. */
export class Latest<T extends object> {
  #value: T;
  #ended = false;
  readonly #watchers = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (this.#ended) return;
    this.#value = value;
    for (const wake of [...this.#watchers]) wake();
  }

  /** The last value; watchers end once they have it. */
  end(value: T): void {
    this.set(value);
    this.#ended = true;
    for (const wake of [...this.#watchers]) wake();
    this.#watchers.clear();
  }

  /** The value now and each later one. */
  watch(): AsyncIterableIterator<T> {
    let seen: T | undefined;
    const wake = (): void => iterator.wake();
    const iterator = new PullIterator<T>({
      take: () => {
        if (seen === this.#value) return undefined;
        seen = this.#value;
        return seen;
      },
      ended: () => this.#ended,
      released: () => this.#watchers.delete(wake),
    });
    if (!this.#ended) this.#watchers.add(wake);
    return iterator;
  }
}
