import type { ServerResponse } from "node:http";
import type { CloseCode, KeyMessage } from "@claudemesh/protocol";
import { closeCodes } from "@claudemesh/protocol";
import type { Timer } from "../timer.ts";

export interface EventOutletOptions {
  readonly response: ServerResponse;
  readonly timer: Timer;
  /** unsent bytes above which nothing more is queued */
  readonly highWaterBytes: number;
  /** how long a reader that takes nothing is waited for */
  readonly giveUpMs: number;
}

/** the longest that a line stays silent */
const heartbeatMs = 30_000;
/** how soon a reader that was cut off may come back */
const retryMs = 1_000;

/** The sending side of a stream of server-sent events (HTML Standard, section 9.2). */
export class EventOutlet {
  readonly #options: EventOutletOptions;
  readonly #stopHeartbeat: () => void;
  #cancelWatch: (() => void) | undefined;
  #ended = false;

  constructor(options: EventOutletOptions) {
    this.#options = options;
    const { response, timer } = options;
    response.write(`retry: ${retryMs}\n\n`);
    this.#stopHeartbeat = timer.every(heartbeatMs, () => {
      if (!this.#ended && !this.full) response.write(": still here\n\n");
    });
    response.once("close", () => this.#stop());
  }

  get full(): boolean {
    const { highWaterBytes, response } = this.#options;
    return response.writableLength > highWaterBytes;
  }

  /** True once there is room again; false when the stream has ended. */
  drained(): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    if (!this.full) return Promise.resolve(true);
    const { response } = this.#options;
    this.#watch();
    return new Promise((resolve) => {
      const settle = () => {
        response.off("drain", settle).off("close", settle);
        resolve(!this.#ended);
      };
      response.on("drain", settle).on("close", settle);
    });
  }

  send(message: KeyMessage): void {
    this.#event("message", message.cursor, message);
    if (this.full) this.#watch();
  }

  /** Says why, and ends. */
  end(code: CloseCode): void {
    if (this.#ended) return;
    this.#event("end", undefined, { code, reason: closeCodes[code].sentence });
    this.#stop();
    this.#options.response.end();
    if (this.full) this.#options.response.destroy();
  }

  #event(name: string, id: string | undefined, data: unknown): void {
    if (this.#ended) return;
    const place = id === undefined ? "" : `id: ${id}\n`;
    this.#options.response.write(`${place}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #stop(): void {
    this.#ended = true;
    this.#stopHeartbeat();
    this.#cancelWatch?.();
  }

  /** A reader that takes nothing for long is cut off; it resumes from the last event that it had. */
  #watch(): void {
    if (this.#cancelWatch !== undefined || this.#ended) return;
    const { giveUpMs, response, timer } = this.#options;
    const before = response.socket?.bytesWritten ?? 0;
    this.#cancelWatch = timer.after(giveUpMs, () => {
      this.#cancelWatch = undefined;
      if (!this.full || this.#ended) return;
      if ((response.socket?.bytesWritten ?? 0) > before) this.#watch();
      else response.destroy();
    });
  }
}
