import type { Socket } from "node:net";
import type { Seeded } from "./seeded.ts";

export type Timer = (ms: number, fn: () => void) => () => void;

/** What a channel does to the bytes that pass through it. */
export interface LinkFaults {
  /** every byte comes this much later */
  readonly delayMs: number;
  /** and up to this much more, drawn per chunk; the order stays */
  readonly jitterMs: number;
  /** 0 is unlimited */
  readonly bytesPerSecond: number;
  /** probability that one byte of a chunk is changed */
  readonly corruption: number;
  /** takes and keeps, forwards nothing */
  readonly stalled: boolean;
}

export const noFaults: LinkFaults = {
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: 0,
  corruption: 0,
  stalled: false,
};

export interface ChannelParts {
  readonly from: Socket;
  readonly to: Socket;
  readonly faults: () => LinkFaults;
  readonly random: Seeded;
  readonly now: () => number;
  readonly timer: Timer;
  /** told when the next chunk was cut in the middle, or the source ended and everything is forwarded */
  readonly onCut: () => void;
}

/** Above this, the source is not read: TCP pushes back on the sender. */
const mostHeldBytes = 256 * 1024;

/** One direction of a proxied connection. Holds a bounded amount. */
export class Channel {
  readonly #parts: ChannelParts;
  readonly #held: { readonly bytes: Buffer; readonly due: number }[] = [];
  #heldBytes = 0;
  #lastDue = 0;
  #cancel: (() => void) | undefined;
  #isBlocked = false;
  #isDeaf = false;
  #cutsNext = false;
  #isEnding = false;

  constructor(parts: ChannelParts) {
    this.#parts = parts;
    parts.from.on("data", (bytes: Buffer) => this.#take(bytes));
    parts.from.on("end", () => {
      this.#isEnding = true;
      this.flush();
    });
    parts.to.on("drain", () => {
      this.#isBlocked = false;
      this.flush();
    });
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** From now on swallows everything. */
  deafen(): void {
    this.#isDeaf = true;
    this.#held.length = 0;
    this.#heldBytes = 0;
    this.#parts.from.resume();
  }

  /** Forwards a part of the next chunk, then reports the cut. */
  cutNext(): void {
    this.#cutsNext = true;
  }

  /** Forwards what is due; called again whenever that may have changed. */
  flush(): void {
    const { to, faults, now, timer, from } = this.#parts;
    this.#cancel?.();
    this.#cancel = undefined;
    while (!this.#isBlocked && !faults().stalled) {
      const next = this.#held[0];
      if (next === undefined) break;
      const wait = next.due - now();
      if (wait > 0) {
        this.#cancel = timer(wait, () => this.flush());
        return;
      }
      this.#held.shift();
      this.#heldBytes -= next.bytes.length;
      if (this.#forward(next.bytes)) return;
    }
    if (this.#heldBytes < mostHeldBytes) from.resume();
    if (this.#isEnding && this.#held.length === 0 && !this.#isDeaf) to.end();
  }

  stop(): void {
    this.#cancel?.();
    this.deafen();
  }

  #take(bytes: Buffer): void {
    if (this.#isDeaf) return;
    const { faults, now, random, from } = this.#parts;
    const { delayMs, jitterMs, bytesPerSecond, corruption } = faults();
    const jitter = jitterMs > 0 ? random.fraction() * jitterMs : 0;
    const sending = bytesPerSecond > 0 ? (bytes.length / bytesPerSecond) * 1_000 : 0;
    const begin = Math.max(now() + delayMs + jitter, this.#lastDue);
    this.#lastDue = begin + sending;
    if (corruption > 0 && random.chance(corruption)) corrupt(bytes, random);
    this.#held.push({ bytes, due: this.#lastDue });
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= mostHeldBytes) from.pause();
    this.flush();
  }

  /** Answers whether the connection was cut. */
  #forward(bytes: Buffer): boolean {
    const { to, random, onCut } = this.#parts;
    if (!this.#cutsNext || bytes.length < 2) {
      this.#isBlocked = !to.write(bytes);
      return false;
    }
    const part = bytes.subarray(0, random.between(1, bytes.length - 1));
    this.stop();
    to.write(part, onCut);
    return true;
  }
}

/** Flips one bit of one byte. */
function corrupt(bytes: Buffer, random: Seeded): void {
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
}
