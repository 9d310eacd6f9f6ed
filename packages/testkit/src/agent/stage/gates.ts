/** Named gates: one side waits for a gate to open, the other opens it; the order does not matter. */
export class Gates {
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();

  #gate(name: string): PromiseWithResolvers<void> {
    const gate = this.#gates.get(name) ?? Promise.withResolvers<void>();
    this.#gates.set(name, gate);
    return gate;
  }

  open(name: string): void {
    this.#gate(name).resolve();
  }

  passed(name: string): Promise<void> {
    return this.#gate(name).promise;
  }
}

/** Windows that a running tool holds open until the test closes them. */
export class Windows {
  readonly #opened = new Gates();
  readonly #closed = new Gates();

  /** Settles when the tool of that name runs. */
  opened(name: string): Promise<void> {
    return this.#opened.passed(name);
  }

  /** Lets the tool of that name end. */
  close(name: string): void {
    this.#closed.open(name);
  }

  /** The tool's side: reports itself, and settles when it may end. */
  async hold(name: string): Promise<void> {
    this.#opened.open(name);
    await this.#closed.passed(name);
  }
}
