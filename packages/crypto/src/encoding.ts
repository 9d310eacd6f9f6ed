import { MeshError } from "@claudemesh/protocol";
import { type Base64, base64Ways } from "./base64.ts";
import { sodium } from "./sodium.ts";

const base64 = base64Ways[0] as Base64;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of `text`. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text of UTF-8 `bytes`; throws `malformed` on anything else. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new MeshError("malformed", "the bytes are not UTF-8 text");
  }
}

/** Unpadded base64url (RFC 4648, section 5). */
export const toBase64 = (bytes: Uint8Array): string => base64.encode(bytes);

/**
 * Bytes of unpadded base64url; refuses padding, white space, other alphabets and non-zero trailing bits, so that one value has one spelling.
 * Decoders take different liberties with such texts; what does not come out again as it went in was one.
 */
export function fromBase64(text: string, what = "value", way: Base64 = base64): Uint8Array {
  try {
    const bytes = way.decode(text);
    if (way.encode(bytes) === text) return bytes;
  } catch {
    // Refused below, like the rest.
  }
  throw new MeshError("malformed", `${what} is not canonical unpadded base64url`);
}

/** Lower-case hex. */
export const toHex = (bytes: Uint8Array): string => sodium.to_hex(bytes);
