import { createHash } from "node:crypto";
import { type FileInside, type Hash, limits, MeshError } from "@claudemesh/protocol";
import { fromBase64 } from "../src/encoding.ts";
import { chunkOverhead, OpenStream, SealStream } from "./secretstream.ts";

const { fileChunkBytes: chunkBytes } = limits;
const sealedBytes = chunkBytes + chunkOverhead;

type FileKey = Pick<FileInside, "key" | "header">;

const streamOf = <S>(Made: new (key: Uint8Array, header: Uint8Array) => S, file: FileKey): S =>
  new Made(fromBase64(file.key, "file key"), fromBase64(file.header, "secretstream header"));

/** Encrypts a file in chunks of 64 KiB and hashes its ciphertext on the way. */
export class FileSealer {
  readonly #stream: SealStream;
  readonly #hash = createHash("sha256");

  constructor(file: FileKey) {
    this.#stream = streamOf(SealStream, file);
  }

  /** Seals whole chunks, and at the file's end what is left, into `out`; answers how many bytes that are. */
  seal(text: Uint8Array, isLast: boolean, out: Uint8Array): number {
    let at = 0;
    let from = 0;
    do {
      const to = Math.min(from + chunkBytes, text.length);
      const ends = isLast && to === text.length;
      at += this.#stream.push(text.subarray(from, to), ends, out, at);
      from = to;
    } while (from < text.length);
    this.#hash.update(out.subarray(0, at));
    return at;
  }

  /** SHA-256 of the ciphertext up to here, as hex. */
  get soFar(): Hash {
    return this.#hash.copy().digest("hex") as Hash;
  }
}

/** Decrypts what `FileSealer` made, from pieces of any length. */
export class FileOpener {
  readonly #stream: OpenStream;
  readonly #hash = createHash("sha256");
  readonly #chunk = new Uint8Array(sealedBytes);
  readonly #bytes: number;
  #held = 0;
  #taken = 0;

  /** `bytes` are those of the ciphertext. */
  constructor(file: FileKey, bytes: number) {
    this.#stream = streamOf(OpenStream, file);
    this.#bytes = bytes;
  }

  /** Bytes of ciphertext taken in so far: from where to go on. */
  get taken(): number {
    return this.#taken;
  }

  /** Goes past whole chunks whose text was opened before. What was changed since does not go unnoticed: the rest will not open, or the hash not hold. */
  replay(text: Uint8Array): void {
    for (let from = 0; from < text.length; from += chunkBytes) {
      const length = this.#stream.replay(text.subarray(from, from + chunkBytes), this.#chunk);
      this.#hash.update(this.#chunk.subarray(0, length));
      this.#taken += length;
    }
  }

  /** Takes a piece in and hands on the texts of the chunks that are whole now. Throws `bad_signature`. */
  take(piece: Uint8Array, hand: (text: Uint8Array) => void): void {
    if (this.#taken + piece.length > this.#bytes) {
      throw new MeshError("bad_signature", "the file has more bytes than its manifest says");
    }
    this.#hash.update(piece);
    let at = 0;
    while (at < piece.length) {
      const whole = Math.min(sealedBytes, this.#bytes - this.#taken + this.#held);
      const more = Math.min(whole - this.#held, piece.length - at);
      if (this.#held === 0 && more === whole) {
        hand(this.#stream.pull(piece.subarray(at, at + more)));
      } else {
        this.#chunk.set(piece.subarray(at, at + more), this.#held);
        this.#held += more;
        if (this.#held === whole) {
          hand(this.#stream.pull(this.#chunk.subarray(0, whole)));
          this.#held = 0;
        }
      }
      at += more;
      this.#taken += more;
    }
  }

  /** Throws `bad_signature` unless the last chunk was opened and the ciphertext has the hash. */
  finish(sha256: Hash): void {
    if (!this.#stream.isComplete || this.#taken !== this.#bytes) {
      throw new MeshError("bad_signature", "the file is cut short");
    }
    if (this.#hash.digest("hex") === sha256) return;
    throw new MeshError("bad_signature", "the file is not the one that its manifest names");
  }
}
