import type { UpFrame } from "@claudemesh/protocol";
import { dialFailure } from "./dial-failure.ts";
import type { Timer } from "./timer.ts";
import type { SocketLike } from "./types.ts";

export interface LineEvents {
  text(data: unknown): void;
  /** the socket closed by itself; `failure` is what the platform told */
  down(code: number, failure: string | undefined): void;
}

/** How long a closing handshake may take before the connection is dropped. */
const closingMs = 1_000;

/** One socket from dial to close. After `hangUp` it reports nothing any more. */
export class Line {
  readonly #socket: SocketLike;
  #events: LineEvents | undefined;
  readonly #gone: Promise<void>;
  #failure: string | undefined;
  /** frames that came in */
  heard = 0;
  /** the broker at its other end has said that calls may name a trace */
  takesTraces = false;

  constructor(socket: SocketLike, events: LineEvents) {
    this.#socket = socket;
    this.#events = events;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gone = promise;
    socket.addEventListener("message", (event) => {
      this.heard += 1;
      this.#events?.text(event.data);
    });
    socket.addEventListener("error", (event) => {
      this.#failure ??= dialFailure(event);
    });
    socket.addEventListener("close", (event) => {
      resolve();
      const listener = this.#events;
      this.#events = undefined;
      listener?.down(event.code, this.#failure);
    });
  }

  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  /** Sends a frame, given as text already. On a socket that just closed it does nothing: its close event is under way. */
  send(text: string): void {
    try {
      this.#socket.send(text);
    } catch {
      // A socket that is no longer open throws; the loss is reported by its close event.
    }
  }

  /** Ends the socket; settles when it is gone, at the latest after a grace time. */
  hangUp(timer: Timer, code?: number): Promise<void> {
    this.#events = undefined;
    try {
      this.#socket.close(code);
    } catch {
      this.#socket.terminate?.();
    }
    const late = Promise.withResolvers<void>();
    const cancel = timer(closingMs, () => {
      this.#socket.terminate?.();
      late.resolve();
    });
    return Promise.race([this.#gone, late.promise]).finally(cancel);
  }
}

/** The text of a frame. */
export const frameText = (frame: UpFrame): string => JSON.stringify(frame);
