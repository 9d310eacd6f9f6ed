import { MeshError } from "@claudemesh/protocol";
import { toBase64, utf8 } from "./encoding.ts";
import { hmacSha256 } from "./hkdf.ts";
import { sodium } from "./sodium.ts";

const minKeyBytes = 32;

/** HMAC-SHA256 (RFC 2104) of a text as unpadded base64url. Throws `malformed` on a key under 32 bytes. */
export function mac(key: Uint8Array, text: string): string {
  if (key.length < minKeyBytes) {
    throw new MeshError("malformed", `MAC key: expected ${minKeyBytes} bytes or more`);
  }
  return toBase64(hmacSha256(key, utf8(text)));
}

/** Whether two MACs are the same, in time that does not depend on where they differ. */
export function macEquals(a: string, b: string): boolean {
  const left = utf8(a);
  const right = utf8(b);
  return left.length === right.length && sodium.memcmp(left, right);
}
