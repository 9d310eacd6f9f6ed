import { limits, MeshError, type SealKey, type VaultEntry } from "@claudemesh/protocol";
import { domains, hashBytes } from "./domain.ts";
import { fromUtf8, toBase64, utf8 } from "./encoding.ts";
import type { Opener } from "./opener.ts";
import { sealTo } from "./opener.ts";
import type { RandomSource } from "./random.ts";
import { type Signer, signStatement } from "./signature.ts";
import { requireCiphertext } from "./vault.ts";

/** What is sealed is a multiple of this long, so that its length tells little. */
const blockBytes = 64;
const endMark = 0x80;

export type VaultStatement = Omit<VaultEntry, "author" | "sealed" | "sig" | "v">;

export interface VaultSeal {
  readonly statement: VaultStatement;
  readonly value: string;
  /** the owner's encryption key */
  readonly to: SealKey;
  readonly signer: Signer;
  readonly random: RandomSource;
}

/** Seals a secret to its owner and signs what it is. Throws `too_large` over 64 KiB. */
export function sealSecret({ statement, value, to, signer, random }: VaultSeal): {
  entry: VaultEntry;
  ciphertext: string;
} {
  const plain = utf8(value);
  if (plain.length > limits.vaultBytes) {
    throw new MeshError("too_large", `value: over ${limits.vaultBytes} bytes`);
  }
  const sealed = sealTo(to, padded(plain), random);
  const body = { v: 1 as const, ...statement, sealed: hashBytes(sealed), author: signer.key };
  return { entry: signStatement(domains.vault, body, signer), ciphertext: toBase64(sealed) };
}

/** Opens a secret whose entry the caller has verified. Throws `bad_signature` when the ciphertext is another or does not open. */
export const openSecret = (entry: VaultEntry, ciphertext: string, opener: Opener): string =>
  fromUtf8(unpadded(opener.open(requireCiphertext(entry, ciphertext))));

/** ISO/IEC 7816-4: a mark, then zeros to the end of the block. */
export function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array((Math.floor(bytes.length / blockBytes) + 1) * blockBytes);
  whole.set(bytes);
  whole[bytes.length] = endMark;
  return whole;
}

/** Throws `bad_signature` where the padding does not end as it must. */
export function unpadded(bytes: Uint8Array): Uint8Array {
  const end = bytes.findLastIndex((byte) => byte !== 0);
  if (bytes[end] === endMark) return bytes.subarray(0, end);
  throw new MeshError("bad_signature", "ciphertext: what is inside does not end as it must");
}
