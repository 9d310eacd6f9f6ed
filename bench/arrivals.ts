/** Tells when each of so many connections has received a message, known by the first id in the text. */
export class Arrivals {
  readonly #connections: number;
  readonly #waiting = new Map<string, { left: number; done: () => void }>();

  constructor(connections: number) {
    this.#connections = connections;
  }

  /** Call it before the message can arrive anywhere. */
  everywhere(id: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(id, { left: this.#connections, done: resolve });
    return promise;
  }

  /** What one connection has received. */
  take(text: string): void {
    const at = text.indexOf('"msg_') + 1;
    const id = text.slice(at, text.indexOf('"', at));
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    waiting.left -= 1;
    if (waiting.left > 0) return;
    this.#waiting.delete(id);
    waiting.done();
  }
}
