import { MeshError, type SignKey, type VaultEntry } from "@claudemesh/protocol";
import { domains, hashBytes } from "./domain.ts";
import { fromBase64 } from "./encoding.ts";
import { requireSigned } from "./signature.ts";

/** Throws `bad_signature` unless `key`, which the caller takes from the roster, is the author and signed it. */
export function verifyVaultEntry(entry: VaultEntry, key: SignKey): void {
  if (entry.author !== key) {
    throw new MeshError("bad_signature", "author: the secret is signed by another key");
  }
  requireSigned(domains.vault, entry, key, "secret");
}

/** Throws `bad_signature` unless the ciphertext is the one that the entry was signed over. */
export function requireCiphertext(entry: VaultEntry, ciphertext: string): Uint8Array {
  const bytes = fromBase64(ciphertext, "ciphertext");
  if (hashBytes(bytes) === entry.sealed) return bytes;
  throw new MeshError("bad_signature", "ciphertext: not the one that was signed");
}
