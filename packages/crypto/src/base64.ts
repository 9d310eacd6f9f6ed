import { sodium } from "./sodium.ts";

/** A way between bytes and unpadded base64url. `decode` may take more than the one spelling of its bytes; whoever needs strictness compares. */
export interface Base64 {
  encode(bytes: Uint8Array): string;
  decode(text: string): Uint8Array;
}

/** What ES2026 adds to `Uint8Array`; not in the compiler's library yet. */
interface WithBase64 {
  readonly prototype: { toBase64?(options: object): string };
  fromBase64?(text: string, options: object): Uint8Array;
}

const alphabet = "base64url";

/** The engine's own; undefined where it has none. */
function engineBase64(): Base64 | undefined {
  const { prototype, fromBase64 } = Uint8Array as unknown as WithBase64;
  const { toBase64 } = prototype;
  if (toBase64 === undefined || fromBase64 === undefined) return undefined;
  const encode = (bytes: Uint8Array) => toBase64.call(bytes, { alphabet, omitPadding: true });
  // V8 had a version, behind a flag, that took a part of a buffer for its beginning.
  if (encode(Uint8Array.of(0, 0xfb, 0xff).subarray(1)) !== "-_8") return undefined;
  return { encode, decode: (text) => fromBase64.call(Uint8Array, text, { alphabet }) };
}

/** Node's `Buffer`; undefined in browsers. */
function bufferBase64(): Base64 | undefined {
  const { Buffer } = globalThis as { Buffer?: typeof globalThis.Buffer };
  if (Buffer === undefined) return undefined;
  return {
    encode: ({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength).toString(alphabet),
    // Copied out of the memory that small buffers share.
    decode: (text) => new Uint8Array(Buffer.from(text, alphabet)),
  };
}

/** libsodium's, which is everywhere, and ten times slower on a long text. */
const sodiumBase64: Base64 = {
  encode: (bytes) => sodium.to_base64(bytes, sodium.base64_variants.URLSAFE_NO_PADDING),
  decode: (text) => sodium.from_base64(text, sodium.base64_variants.URLSAFE_NO_PADDING),
};

/** Every way that this runtime has, the fastest first. */
export const base64Ways: readonly Base64[] = [engineBase64(), bufferBase64(), sodiumBase64].filter(
  (way) => way !== undefined,
);
