import type { ServerResponse } from "node:http";

/** One open answer that is written to as things happen. */
export interface StreamSink {
  /** Writes text; a reader so slow that too much waits for it is dropped. */
  write(text: string): void;
  end(): void;
  /** Calls `fn` once, when the answer has ended by whichever side. */
  onClose(fn: () => void): void;
}

const mostWaitingBytes = 1024 * 1024;

/** A sink over a response whose head was sent. */
export const streamSink = (response: ServerResponse): StreamSink => ({
  write: (text) => {
    if (response.destroyed || response.writableEnded) return;
    response.write(text);
    if (response.writableLength > mostWaitingBytes) response.destroy();
  },
  end: () => {
    if (!response.writableEnded) response.end();
  },
  onClose: (fn) => {
    if (response.destroyed) fn();
    else response.once("close", fn);
  },
});
