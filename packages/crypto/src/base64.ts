import { sodium } from "./sodium.ts";

/** A way between bytes and unpadded base64url. `decode` may take more than the one spelling of its bytes; whoever needs strictness compares. */
export interface Base64 {
  encode(bytes: Uint8Array): string;
  decode(text: string): Uint8Array;
}

/** Node's `Buffer`; undefined in browsers. */
function bufferBase64(): Base64 | undefined {
  const { Buffer } = globalThis as { Buffer?: typeof globalThis.Buffer };
  if (Buffer === undefined) return undefined;
  return {
    encode: ({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength).toString("base64url"),
    // Copied out of the memory that small buffers share.
    decode: (text) => new Uint8Array(Buffer.from(text, "base64url")),
  };
}

/** libsodium's, which is everywhere, and ten times slower on a long text. */
const sodiumBase64: Base64 = {
  encode: (bytes) => sodium.to_base64(bytes, sodium.base64_variants.URLSAFE_NO_PADDING),
  decode: (text) => sodium.from_base64(text, sodium.base64_variants.URLSAFE_NO_PADDING),
};

/** Every way that this runtime has, the fastest first. */
export const base64Ways: readonly Base64[] = [bufferBase64(), sodiumBase64].filter(
  (way) => way !== undefined,
);
