import { MeshError, type SealKey } from "@claudemesh/protocol";
import { fromBase64, toBase64 } from "./encoding.ts";
import type { RandomSource } from "./random.ts";
import { sodium } from "./sodium.ts";

const keyBytes = 32;
const nonceBytes = 24;

/** An X25519 secret (RFC 7748) that opens what was sealed to `key`. The private part cannot be read back, printed or serialized. */
export class Opener {
  readonly #secret: Uint8Array;
  readonly #public: Uint8Array;
  readonly #earlier: readonly Opener[];
  readonly key: SealKey;

  /** `earlier` are those of keys that this one has replaced: what was sealed to them opens as well. */
  constructor(secret: Uint8Array, earlier: readonly Opener[] = []) {
    this.#secret = Uint8Array.from(secret);
    this.#earlier = earlier;
    this.#public = sodium.crypto_scalarmult_base(this.#secret);
    this.key = toBase64(this.#public) as SealKey;
  }

  /** The same key, which opens what was sealed to those that it has replaced as well. */
  after(earlier: readonly Opener[]): Opener {
    return new Opener(this.#secret, earlier);
  }

  /** Opens a sealed box; throws `bad_signature` when it was not sealed to this key, nor to one before it, or was changed. */
  open(sealed: Uint8Array): Uint8Array {
    for (const one of [this, ...this.#earlier]) {
      try {
        return sodium.crypto_box_seal_open(sealed, one.#public, one.#secret);
      } catch {
        // Whose key it was sealed to is not said: the next may open it.
      }
    }
    throw new MeshError("bad_signature", "the sealed box does not open with this key");
  }

  toJSON(): string {
    return "[sealing key]";
  }
}

/**
 * Seals to an X25519 key in libsodium's `crypto_box_seal` format, the ephemeral key drawn from `random`.
 * Throws `malformed` on a key that is not 32 bytes or that yields an all-zero shared secret (RFC 7748, section 6.1).
 */
export function sealTo(key: SealKey, plaintext: Uint8Array, random: RandomSource): Uint8Array {
  const recipient = fromBase64(key, "sealing key");
  if (recipient.length !== keyBytes) {
    throw new MeshError("malformed", `sealing key: expected ${keyBytes} bytes`);
  }
  const secret = random(keyBytes);
  const ephemeral = sodium.crypto_scalarmult_base(secret);
  const shared = sharedSecret(recipient, secret);
  const nonce = sodium.crypto_generichash(nonceBytes, concat(ephemeral, recipient), null);
  return concat(ephemeral, sodium.crypto_box_easy_afternm(plaintext, nonce, shared));
}

function sharedSecret(recipient: Uint8Array, secret: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_box_beforenm(recipient, secret);
  } catch {
    throw new MeshError("malformed", "sealing key: a point of low order cannot be sealed to");
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
