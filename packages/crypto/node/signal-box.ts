import { createCipheriv, createDecipheriv } from "node:crypto";
import { MeshError } from "@claudemesh/protocol";
import { domains, statementBytes } from "../src/domain.ts";
import { toHex, utf8 } from "../src/encoding.ts";
import { hkdf } from "../src/hkdf.ts";
import type { RandomSource } from "../src/random.ts";

/** The format's own number, before everything else. */
const version = 1;
const senderBytes = 16;
const countAt = 1 + senderBytes;
const textAt = countAt + 8;
const tagBytes = 16;
const timeBytes = 8;
/** What a sealed signal has beside its payload. */
export const signalOverhead = textAt + timeBytes + tagBytes;
/** by how much a signal's time may differ from the clock of who hears it */
export const signalFreshMs = 300_000;
/** senders whose counts are kept: of more, the one that was silent longest is forgotten */
const sendersMost = 256;

/** bytes of text that is made in memory which every signal uses again; what may be longer has its own */
const scratchBytes = 512 * 1024;
/** bytes of UTF-8 that a string's unit is at most */
const unitBytes = 3;

const algorithm = "chacha20-poly1305";
const options = { authTagLength: tagBytes } as const;

export interface SignalBoxOptions {
  /** what all nodes of one database know, and nobody else */
  readonly secret: Uint8Array;
  readonly random: RandomSource;
  readonly now: () => number;
}

interface Sender {
  readonly key: Uint8Array;
  /** of the last signal of it that was opened */
  last: bigint;
}

/** A name that the bus itself needs from the nodes' secret, such as the one that their subjects have in common. */
export const busName = (secret: Uint8Array, use: string): string =>
  toHex(hkdf({ secret, salt: utf8(domains.bus), info: utf8(use), length: 16 }));

/**
 * Seals what nodes of one database tell each other: ChaCha20-Poly1305 (RFC 8439), a key for each process by HKDF-SHA256 of the nodes' secret, its own count as nonce, the
 * subject as associated data. What is opened was sealed by a node, for this subject, lately, and is opened once.
 */
export class SignalBox {
  readonly #options: SignalBoxOptions;
  readonly #sender: Uint8Array;
  readonly #key: Uint8Array;
  readonly #senders = new Map<string, Sender>();
  #scratch: Buffer | undefined;
  #count = 0n;

  constructor(options: SignalBoxOptions) {
    this.#options = options;
    this.#sender = options.random(senderBytes);
    this.#key = this.#keyOf(toHex(this.#sender));
  }

  seal(subject: string, payload: string): Uint8Array {
    this.#count += 1n;
    const text = this.#textOf(payload);
    const sealed = Buffer.allocUnsafe(textAt + text.length + tagBytes);
    sealed[0] = version;
    sealed.set(this.#sender, 1);
    sealed.writeBigUInt64BE(this.#count, countAt);
    const end = sealed.length - tagBytes;
    const cipher = createCipheriv(algorithm, this.#key, nonceOf(sealed), options);
    cipher.setAAD(associated(subject), { plaintextLength: text.length });
    sealed.set(cipher.update(text), textAt);
    cipher.final();
    sealed.set(cipher.getAuthTag(), end);
    return sealed;
  }

  /** The payload. Throws `bad_signature` for what no node sealed for this subject, `expired` for what is old, `conflict` for what was opened before, or comes after what was sealed later. */
  open(subject: string, sealed: Uint8Array): string {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
    if (bytes.length < signalOverhead || bytes[0] !== version) throw foreign();
    const name = bytes.toString("hex", 1, countAt);
    const known = this.#senders.get(name);
    const sender = known ?? { key: this.#keyOf(name), last: 0n };
    const text = opened(sender.key, subject, bytes);
    const at = Number(text.readBigUInt64BE(0));
    if (Math.abs(this.#options.now() - at) > signalFreshMs) {
      throw new MeshError(
        "expired",
        "a signal of another time: the nodes' clocks differ, or it was kept",
      );
    }
    const count = bytes.readBigUInt64BE(countAt);
    if (count <= sender.last) throw new MeshError("conflict", "a signal that came before");
    sender.last = count;
    this.#remember(name, sender);
    return text.toString("utf8", timeBytes);
  }

  /** The time and the payload, until the next signal. To count its bytes before writing them would take as long again. */
  #textOf(payload: string): Buffer {
    const fits = timeBytes + payload.length * unitBytes <= scratchBytes;
    if (fits) this.#scratch ??= Buffer.allocUnsafeSlow(scratchBytes);
    const room = fits ? this.#scratch : undefined;
    const text = room ?? Buffer.allocUnsafe(timeBytes + Buffer.byteLength(payload));
    text.writeBigUInt64BE(BigInt(this.#options.now()), 0);
    return text.subarray(0, timeBytes + text.write(payload, timeBytes));
  }

  #keyOf(sender: string): Uint8Array {
    const { secret } = this.#options;
    return hkdf({ secret, salt: utf8(domains.bus), info: utf8(`seal ${sender}`) });
  }

  #remember(name: string, sender: Sender): void {
    this.#senders.delete(name);
    this.#senders.set(name, sender);
    if (this.#senders.size <= sendersMost) return;
    for (const oldest of this.#senders.keys()) {
      this.#senders.delete(oldest);
      return;
    }
  }
}

const nonceOf = (sealed: Buffer): Buffer =>
  Buffer.concat([Buffer.alloc(4), sealed.subarray(countAt, textAt)]);

const associated = (subject: string): Uint8Array => statementBytes(domains.bus, { subject });

function opened(key: Uint8Array, subject: string, sealed: Buffer): Buffer {
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv(algorithm, key, nonceOf(sealed), options);
  decipher.setAAD(associated(subject), { plaintextLength: end - textAt });
  decipher.setAuthTag(sealed.subarray(end));
  const text = decipher.update(sealed.subarray(textAt, end));
  try {
    decipher.final();
  } catch {
    throw foreign();
  }
  return text;
}

const foreign = (): MeshError => new MeshError("bad_signature", "a signal that no node sealed");
