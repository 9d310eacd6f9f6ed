import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { textFrames } from "./text-frames.ts";
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

/** Unsent bytes that are written without waiting for the turn's end. */
const writeBytes = 64 * 1024;

/** The sending side of a connection: gathers what one turn sends, knows when its reader does not keep up, and when to stop waiting for it. */
export class Outlet {
  readonly #options: OutletOptions;
  #unsent: (string | Buffer)[] = [];
  #unsentBytes = 0;
  #waiters: PromiseWithResolvers<boolean>[] = [];
  #cancelWatch: (() => void) | undefined;
  #moved = false;
  #closed = false;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  /** Whether more is unsent than should be; whoever can wait, waits for `drained`. */
  get full(): boolean {
    return this.unsentBytes > this.#options.highWaterBytes;
  }

  send(text: string | Buffer): void {
    if (this.#closed) return;
    if (this.#unsent.length === 0) process.nextTick(this.#write);
    this.#unsent.push(text);
    this.#unsentBytes += text.length;
    if (this.#unsentBytes >= writeBytes) this.#write();
    if (this.full) this.#watch();
  }

  /** Writes frames that are made already, and that many readers may share, behind what was sent before. */
  sendFrames(frames: Buffer): void {
    if (this.#closed) return;
    this.#write();
    const { socket, stream } = this.#options;
    if (socket.readyState !== socket.OPEN) return;
    stream.write(frames, this.#onSent);
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

  /** Writes what was sent so far; nothing is sent from then on. */
  close(): void {
    this.#write();
    this.#closed = true;
    this.#settle(false);
  }

  /** What is written or to be written, and not taken yet. */
  get unsentBytes(): number {
    return this.#options.socket.bufferedAmount + this.#unsentBytes;
  }

  /** What one turn sends, such as the replies to one commit, is one piece of memory and one write; through `ws` each is several of both. */
  readonly #write = (): void => {
    const { socket, stream } = this.#options;
    const texts = this.#unsent;
    this.#unsent = [];
    this.#unsentBytes = 0;
    // Behind its own close frame a side sends nothing.
    if (texts.length === 0 || socket.readyState !== socket.OPEN) return;
    stream.write(textFrames(texts), this.#onSent);
  };

  readonly #onSent = (): void => {
    this.#moved = true;
    const { highWaterBytes } = this.#options;
    if (this.#cancelWatch !== undefined && this.unsentBytes <= highWaterBytes / 2) {
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
