const patienceMs = 60_000;

interface Waiter<T> {
  readonly fits: (item: T) => boolean;
  readonly resolve: (item: T) => void;
}

/** What happened, in order; a test waits for the first item that fits, whether it came already or comes later. */
export class EventLog<T> {
  readonly items: T[] = [];
  readonly #waiters = new Set<Waiter<T>>();
  readonly #what: string;

  /** `what` names one item in the message of a wait that ends in vain. */
  constructor(what: string) {
    this.#what = what;
  }

  add(item: T): void {
    this.items.push(item);
    for (const waiter of this.#waiters) {
      if (!waiter.fits(item)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(item);
    }
  }

  /** Settles with the first item from index `from` on that fits. Throws after a minute, with what was seen last. */
  find(fits: (item: T) => boolean, from = 0): Promise<T> {
    const found = this.items.slice(from).find(fits);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const last = JSON.stringify(this.items.at(-1))?.slice(0, 2000) ?? "nothing";
        reject(new Error(`no such ${this.#what} came; ${this.items.length} did, last: ${last}`));
      }, patienceMs);
      // A wait that lost a race does not keep the process.
      timer.unref();
      const done = (item: T) => {
        clearTimeout(timer);
        resolve(item);
      };
      const waiter: Waiter<T> = { fits, resolve: done };
      this.#waiters.add(waiter);
    });
  }

  /** Settles when there are at least so many items. */
  async count(wanted: number): Promise<void> {
    if (this.items.length < wanted) await this.find(() => this.items.length >= wanted);
  }
}
