import { toHex } from "./encoding.ts";
import type { RandomSource } from "./random.ts";

/** Sixteen bytes in the text form of a UUID of a version, the version and variant bits set (RFC 9562, section 4). */
export function formatUuid(bytes: Uint8Array, version: 4 | 7 | 8): string {
  const own = Uint8Array.from(bytes);
  own[6] = ((own[6] ?? 0) & 0x0f) | (version << 4);
  own[8] = ((own[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(own);
  return [0, 8, 12, 16, 20].map((at, i, all) => hex.slice(at, all[i + 1] ?? 32)).join("-");
}

/** A random UUID (RFC 9562, section 5.4). */
export const uuidv4 = (random: RandomSource): string => formatUuid(random(16), 4);

/** A time-ordered UUID (RFC 9562, section 5.7) for `now`, ms; two of one millisecond come in no order. */
export function uuidv7(now: number, random: RandomSource): string {
  return withTime(now, random(10));
}

/** The largest counter that a millisecond holds, in the 12 bits after the time. */
const counterMax = 0xfff;

/** Draws time-ordered UUIDs (RFC 9562, section 5.7) that grow strictly, also within a millisecond and when the clock steps back. */
export class Uuidv7Source {
  readonly #now: () => number;
  readonly #random: RandomSource;
  #time = -1;
  #counter = 0;

  constructor(now: () => number, random: RandomSource) {
    this.#now = now;
    this.#random = random;
  }

  /** The next UUID, also after `other`, one drawn elsewhere. A full counter borrows from the next millisecond (section 6.2, method 1). */
  next(other?: string): string {
    if (other !== undefined) this.#goPast(other);
    const now = this.#now();
    const tail = Uint8Array.from(this.#random(10));
    if (now > this.#time) {
      this.#time = now;
      this.#counter = (((tail[0] ?? 0) << 8) | (tail[1] ?? 0)) & (counterMax >> 1);
    } else if (this.#counter < counterMax) {
      this.#counter++;
    } else {
      this.#time++;
      this.#counter = 0;
    }
    tail[0] = this.#counter >> 8;
    tail[1] = this.#counter & 0xff;
    return withTime(this.#time, tail);
  }

  #goPast(other: string): void {
    const hex = other.replaceAll("-", "");
    const time = Number.parseInt(hex.slice(0, 12), 16);
    const counter = Number.parseInt(hex.slice(13, 16), 16);
    if (time < this.#time || (time === this.#time && counter <= this.#counter)) return;
    this.#time = time;
    this.#counter = counter;
  }
}

function withTime(time: number, tail: Uint8Array): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.trunc(time)) << 16n);
  bytes.set(tail, 6);
  return formatUuid(bytes, 7);
}
