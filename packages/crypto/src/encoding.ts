import { MeshError } from "@claudemesh/protocol";
import { sodium } from "./sodium.ts";

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
export const toBase64 = (bytes: Uint8Array): string =>
  sodium.to_base64(bytes, sodium.base64_variants.URLSAFE_NO_PADDING);

/**
 * Bytes of unpadded base64url; refuses padding, other alphabets and non-zero trailing bits, so that one value has one spelling.
 * libsodium's decoder checks all three.
 */
export function fromBase64(text: string, what = "value"): Uint8Array {
  try {
    return sodium.from_base64(text, sodium.base64_variants.URLSAFE_NO_PADDING);
  } catch {
    throw new MeshError("malformed", `${what} is not canonical unpadded base64url`);
  }
}

/** Lower-case hex. */
export const toHex = (bytes: Uint8Array): string => sodium.to_hex(bytes);
