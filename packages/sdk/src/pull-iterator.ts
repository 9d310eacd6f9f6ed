/** Where an iterator takes its items from. */
export interface Source<T extends object> {
  /** the next item, or undefined when there is none now */
  take(): T | undefined;
  ended(): boolean;
  /** the reader went away */
  released?(): void;
}

/** An async iterator that takes from a source and sleeps until `wake`; it holds no items itself. */
export class PullIterator<T extends object> implements AsyncIterableIterator<T> {
  readonly #source: Source<T>;
  #sleepers: ((result: IteratorResult<T, undefined>) => void)[] = [];
  #left = false;

  constructor(source: Source<T>) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve) => {
      this.#sleepers.push(resolve);
      this.wake();
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    if (!this.#left) {
      this.#left = true;
      this.#source.released?.();
    }
    this.wake();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Serves whoever sleeps, in order, from what the source has now. */
  wake(): void {
    while (this.#sleepers.length > 0) {
      const value = this.#left ? undefined : this.#source.take();
      if (value === undefined && !this.#left && !this.#source.ended()) return;
      const resolve = this.#sleepers.shift();
      resolve?.(value === undefined ? { done: true, value: undefined } : { done: false, value });
    }
  }
}
