import { MeshError } from "@claudemesh/protocol";
import { sodium } from "./sodium.ts";

const hashLength = 32;

/** HMAC-SHA256 (RFC 2104) of `data`; keys of any length. */
export function hmacSha256(key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array {
  const state = sodium.crypto_auth_hmacsha256_init(key);
  for (const part of data) sodium.crypto_auth_hmacsha256_update(state, part);
  return sodium.crypto_auth_hmacsha256_final(state);
}

export interface HkdfInput {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  /** bytes of output, 32 when left out */
  readonly length?: number;
}

/** HKDF-SHA256 (RFC 5869): extract, then expand. Throws `malformed` on a length below 1 or over 255 hashes. */
export function hkdf({ secret, salt, info, length = hashLength }: HkdfInput): Uint8Array {
  if (!Number.isInteger(length) || length < 1 || length > 255 * hashLength) {
    throw new MeshError("malformed", `length: HKDF gives 1 to ${255 * hashLength} bytes`);
  }
  const pseudorandomKey = hmacSha256(salt, secret);
  const output = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array(0);
  for (let done = 0, counter = 1; done < length; done += hashLength, counter++) {
    block = hmacSha256(pseudorandomKey, block, info, Uint8Array.of(counter));
    output.set(block.subarray(0, length - done), done);
  }
  return output;
}
