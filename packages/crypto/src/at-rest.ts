import { MeshError } from "@claudemesh/protocol";
import { domains, statementBytes } from "./domain.ts";
import { fromBase64, toBase64, utf8 } from "./encoding.ts";
import { hkdf } from "./hkdf.ts";
import type { RandomSource } from "./random.ts";
import { sodium } from "./sodium.ts";

const keyBytes = 32;
const nonceBytes = 24;

/**
 * Seals what a broker keeps for itself on disk under its operator's key: XChaCha20-Poly1305-IETF, a key per use by HKDF-SHA256, the use as associated data.
 * It shares no key, domain or form with what members seal, which it cannot open.
 */
export class AtRestBox {
  readonly #key: Uint8Array;
  readonly #random: RandomSource;

  /** Throws `malformed` for a key that is not 32 bytes. */
  constructor(key: Uint8Array, random: RandomSource) {
    if (key.length !== keyBytes) {
      throw new MeshError("malformed", `encryption key: expected ${keyBytes} bytes`);
    }
    this.#key = key;
    this.#random = random;
  }

  /** A fresh nonce and the ciphertext, as base64url. */
  seal(use: string, plaintext: Uint8Array): string {
    const nonce = this.#random(nonceBytes);
    const { key, associated } = this.#parts(use);
    const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      plaintext,
      associated,
      null,
      nonce,
      key,
    );
    const blob = new Uint8Array(nonceBytes + sealed.length);
    blob.set(nonce);
    blob.set(sealed, nonceBytes);
    return toBase64(blob);
  }

  /** Throws `bad_signature` for what was not sealed with this key for this use. */
  open(use: string, sealed: string): Uint8Array {
    const { key, associated } = this.#parts(use);
    try {
      const blob = fromBase64(sealed);
      return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        null,
        blob.subarray(nonceBytes),
        associated,
        blob.subarray(0, nonceBytes),
        key,
      );
    } catch {
      throw new MeshError("bad_signature", `${use}: not sealed with this key`);
    }
  }

  #parts(use: string): { readonly key: Uint8Array; readonly associated: Uint8Array } {
    const associated = statementBytes(domains.atRest, { use });
    const key = hkdf({ secret: this.#key, salt: utf8(domains.atRest), info: utf8(use) });
    return { key, associated };
  }
}
