import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Timer } from "./timer.ts";

export interface OutletOptions {
  readonly socket: WebSocket;
  /** what `socket` writes to */
  readonly stream: Duplex;
  readonly timer: Timer;
  /** unsent bytes above which the outlet is full */
  readonly highWaterBytes: number;
  /** how long a full outlet may stand still */
  readonly giveUpMs: number;
  readonly onStuck: () => void;
}

/** The sending side of a connection: knows when its reader does not keep up, and when to stop waiting for it. */
export class Outlet {
  readonly #options: OutletOptions;
  #waiters: PromiseWithResolvers<boolean>[] = [];
  #cancelWatch: (() => void) | undefined;
  #moved = false;
  #closed = false;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  /** Whether more is unsent than should be; whoever can wait, waits for `drained`. */
  get full(): boolean {
    return this.#options.socket.bufferedAmount > this.#options.highWaterBytes;
  }

  send(text: string | Buffer): void {
    if (this.#closed) return;
    this.#gather();
    this.#options.socket.send(text, { binary: false }, this.#onSent);
    if (this.full) this.#watch();
  }

  /** True once there is room again, at once when there is; false when the connection has ended. */
  drained(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    if (!this.full) return Promise.resolve(true);
    const waiter = Promise.withResolvers<boolean>();
    this.#waiters.push(waiter);
    this.#watch();
    return waiter.promise;
  }

  close(): void {
    this.#closed = true;
    this.#settle(false);
  }

  /** What one turn sends, such as the replies to one commit, is one write to the system. */
  #gather(): void {
    const { stream } = this.#options;
    if (stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  readonly #onSent = (): void => {
    this.#moved = true;
    const { socket, highWaterBytes } = this.#options;
    if (this.#cancelWatch !== undefined && socket.bufferedAmount <= highWaterBytes / 2) {
      this.#settle(true);
    }
  };

  #watch(): void {
    if (this.#cancelWatch !== undefined) return;
    const { timer, giveUpMs, onStuck } = this.#options;
    this.#moved = false;
    this.#cancelWatch = timer.after(giveUpMs, () => {
      this.#cancelWatch = undefined;
      if (this.#closed) return;
      if (this.#moved) this.#watch();
      else onStuck();
    });
  }

  #settle(open: boolean): void {
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(open);
  }
}
