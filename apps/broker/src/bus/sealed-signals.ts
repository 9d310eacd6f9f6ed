import { SignalBox, type SignalBoxOptions } from "@claudemesh/crypto/signal-box";
import { MeshError } from "@claudemesh/protocol";

/** how often an operator is told that something else speaks on the nodes' bus */
const tellMs = 60_000;

export interface SealedSignalsOptions extends SignalBoxOptions {
  readonly log?: (event: string, cause: unknown) => void;
}

/** A bus's signals as they cross it: sealed by the nodes' secret, so that who reaches the bus without it can neither read nor say anything. */
export class SealedSignals {
  readonly #box: SignalBox;
  readonly #options: SealedSignalsOptions;
  #untold = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: SealedSignalsOptions) {
    this.#options = options;
    this.#box = new SignalBox(options);
  }

  seal(subject: string, payload: string): Uint8Array {
    return this.#box.seal(subject, payload);
  }

  /** The payload; undefined for what is not taken, of which the operator is told now and then. */
  open(subject: string, sealed: Uint8Array): string | undefined {
    try {
      return this.#box.open(subject, sealed);
    } catch (cause) {
      this.#refused(cause);
      return undefined;
    }
  }

  #refused(cause: unknown): void {
    const { log, now } = this.#options;
    this.#untold += 1;
    const at = now();
    if (Math.abs(at - this.#toldAt) < tellMs) return;
    this.#toldAt = at;
    const why = cause instanceof MeshError ? `${cause.code}: ${cause.message}` : cause;
    log?.(`signals not taken: ${this.#untold}`, why);
    this.#untold = 0;
  }
}
