import { createCipheriv, createDecipheriv } from "node:crypto";
import { MeshError } from "@claudemesh/protocol";
import { sodium } from "../src/sodium.ts";

const tagBytes = 16;
const blockBytes = 64;
/** what a chunk has beside its plaintext: the encrypted tag byte and the authenticator */
export const chunkOverhead = 1 + tagBytes;
const empty = Buffer.alloc(0);

/**
 * libsodium's `crypto_secretstream_xchacha20poly1305`, byte for byte, on the AEAD of Node's OpenSSL, which is several times as fast as WebAssembly. A chunk is that AEAD
 * over a 64-byte block (the tag byte and zeros) and the text. The two pad differently unless the text's length is a multiple of 8, so that other chunks, of which
 * only the last of a file is one, are libsodium's own.
 */
class Stream {
  protected readonly key: Uint8Array;
  /** the counter, 4 bytes little-endian, then 8 that every authenticator changes */
  protected readonly nonce: Uint8Array;
  protected isOver = false;

  constructor(key: Uint8Array, header: Uint8Array) {
    this.key = sodium.crypto_core_hchacha20(header.subarray(0, 16), key, null);
    this.nonce = new Uint8Array(12);
    this.nonce[0] = 1;
    this.nonce.set(header.subarray(16, 24), 4);
  }

  protected advance(mac: Uint8Array): void {
    for (let at = 0; at < 8; at += 1)
      this.nonce[4 + at] = (this.nonce[4 + at] ?? 0) ^ (mac[at] ?? 0);
    for (let at = 0; at < 4; at += 1) {
      const next = ((this.nonce[at] ?? 0) + 1) & 255;
      this.nonce[at] = next;
      if (next !== 0) return;
    }
    throw new MeshError("too_large", "the file has more chunks than a stream may");
  }

  /** The first block under this chunk's nonce, encrypted: of it only the first byte is sent. */
  protected block(tag: number): Uint8Array {
    const block = new Uint8Array(blockBytes);
    block[0] = tag;
    return sodium.crypto_stream_chacha20_ietf_xor_ic(block, this.nonce, 1, this.key);
  }

  /** libsodium's authenticator over a chunk (see its documentation): block, text and their lengths. */
  protected slowMac(block: Uint8Array, text: Uint8Array): Uint8Array {
    const padding = text.length & 15;
    const all = new Uint8Array(blockBytes + text.length + padding + 16);
    all.set(block);
    all.set(text, blockBytes);
    new DataView(all.buffer).setBigUint64(all.length - 8, BigInt(blockBytes + text.length), true);
    const key = sodium.crypto_stream_chacha20_ietf_xor_ic(
      new Uint8Array(64),
      this.nonce,
      0,
      this.key,
    );
    return sodium.crypto_onetimeauth(all, key.subarray(0, 32));
  }

  /** Writes the sealed chunk into `out` at `at`; answers its length. */
  protected seal(text: Uint8Array, isLast: boolean, out: Uint8Array, at: number): number {
    if (this.isOver) throw new MeshError("internal", "the stream is over");
    this.isOver = isLast;
    const tag = isLast ? 3 : 0;
    const end = at + 1 + text.length;
    let mac: Uint8Array;
    if (isFast(text.length)) {
      const cipher = createCipheriv("chacha20-poly1305", this.key, this.nonce, {
        authTagLength: tagBytes,
      });
      const block = Buffer.alloc(blockBytes);
      block[0] = tag;
      out[at] = cipher.update(block)[0] ?? 0;
      out.set(cipher.update(text), at + 1);
      cipher.final();
      mac = cipher.getAuthTag();
    } else {
      const block = this.block(tag);
      out[at] = block[0] ?? 0;
      out.set(sodium.crypto_stream_chacha20_ietf_xor_ic(text, this.nonce, 2, this.key), at + 1);
      mac = this.slowMac(block, out.subarray(at + 1, end));
    }
    out.set(mac, end);
    this.advance(mac);
    return text.length + chunkOverhead;
  }
}

const isFast = (bytes: number): boolean => bytes > 0 && bytes % 8 === 0;

/** Encrypts a file chunk by chunk. */
export class SealStream extends Stream {
  /** Writes the sealed chunk into `out` at `at`; answers its length. `isLast` ends the stream. */
  push(text: Uint8Array, isLast: boolean, out: Uint8Array, at: number): number {
    return this.seal(text, isLast, out, at);
  }
}

/** Decrypts a file chunk by chunk. */
export class OpenStream extends Stream {
  /** whether the last chunk was opened */
  get isComplete(): boolean {
    return this.isOver;
  }

  /** Goes past a chunk whose text is known, as after a restart; answers its ciphertext's length, which is in `out`. */
  replay(text: Uint8Array, out: Uint8Array): number {
    return this.seal(text, false, out, 0);
  }

  /** The chunk's text. Throws `bad_signature` for one that was changed, is in another's place, or comes after the last. */
  pull(chunk: Uint8Array): Uint8Array {
    if (this.isOver || chunk.length < chunkOverhead) throw broken();
    const sealed = chunk.subarray(1, chunk.length - tagBytes);
    const mac = chunk.subarray(chunk.length - tagBytes);
    const block = this.block(0);
    const tag = (block[0] ?? 0) ^ (chunk[0] ?? 0);
    block[0] = chunk[0] ?? 0;
    if (tag !== 0 && tag !== 3) throw broken();
    const text = isFast(sealed.length)
      ? this.#fast(block, sealed, mac)
      : this.#slow(block, sealed, mac);
    this.advance(mac);
    this.isOver = tag === 3;
    return text;
  }

  #fast(block: Uint8Array, sealed: Uint8Array, mac: Uint8Array): Uint8Array {
    const decipher = createDecipheriv("chacha20-poly1305", this.key, this.nonce, {
      authTagLength: tagBytes,
    });
    decipher.setAuthTag(mac);
    decipher.update(block);
    const text = decipher.update(sealed);
    try {
      decipher.final();
    } catch (cause) {
      throw broken(cause);
    }
    return text;
  }

  #slow(block: Uint8Array, sealed: Uint8Array, mac: Uint8Array): Uint8Array {
    if (!sodium.memcmp(this.slowMac(block, sealed), mac)) throw broken();
    if (sealed.length === 0) return empty;
    return sodium.crypto_stream_chacha20_ietf_xor_ic(sealed, this.nonce, 2, this.key);
  }
}

const broken = (cause?: unknown): MeshError =>
  new MeshError("bad_signature", "the file was changed, cut short, or is not in its order", {
    cause,
  });
