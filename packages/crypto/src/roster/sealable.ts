import type { SealKey } from "@claudemesh/protocol";
import { fromBase64 } from "../encoding.ts";
import { sodium } from "../sodium.ts";

const scalar = new Uint8Array(32).fill(1);

/**
 * Whether `key` is one spelling of a usable X25519 public key (RFC 7748, section 6.1): canonical base64url, unused top bit
 * clear, not of low order. A key bundle must cover every member, so one key that cannot be sealed to would block all epochs.
 */
export function isSealable(key: SealKey): boolean {
  try {
    const bytes = fromBase64(key, "sealing key");
    if (((bytes[31] ?? 0xff) & 0x80) !== 0) return false;
    sodium.crypto_scalarmult(scalar, bytes);
    return true;
  } catch {
    return false;
  }
}
