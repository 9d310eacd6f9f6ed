import { type Hash, MeshError, type SealKey } from "@claudemesh/protocol";
import { domains, hashStatement, statementBytes } from "./domain.ts";
import { fromBase64, toBase64, utf8 } from "./encoding.ts";
import { hkdf } from "./hkdf.ts";
import { jcs } from "./jcs.ts";
import type { RandomSource } from "./random.ts";
import { sodium } from "./sodium.ts";

/** The two sides of a device link: the device that gets an identity, and the one that gives it. */
export type LinkSideName = "new" | "existing";

const keyBytes = 32;
const nonceBytes = 24;
const checkDigits = 8;

/** One side's fresh X25519 key (RFC 7748), of which first only the commitment is shown. */
export class LinkSide {
  readonly side: LinkSideName;
  readonly code: string;
  readonly key: SealKey;
  readonly commitment: Hash;
  readonly #secret: Uint8Array;
  readonly #random: RandomSource;

  constructor(place: { readonly side: LinkSideName; readonly code: string }, random: RandomSource) {
    this.side = place.side;
    this.code = place.code;
    this.#random = random;
    this.#secret = random(keyBytes);
    this.key = toBase64(sodium.crypto_scalarmult_base(this.#secret)) as SealKey;
    this.commitment = commitmentOf(this.code, this.side, this.key);
  }

  /**
   * The channel to the other side, whose key has to be the one that it committed to before it saw this one. Throws `bad_signature` when it is another,
   * `malformed` on a key that nothing can be agreed with.
   */
  meet(other: { readonly key: SealKey; readonly commitment: Hash }): LinkChannel {
    const otherSide = this.side === "new" ? "existing" : "new";
    if (commitmentOf(this.code, otherSide, other.key) !== other.commitment) {
      throw new MeshError("bad_signature", "the other device shows another key than it announced");
    }
    const keys =
      this.side === "new"
        ? { existing: other.key, new: this.key }
        : { existing: this.key, new: other.key };
    const secret = agreed(fromBase64(other.key, "link key"), this.#secret);
    return new LinkChannel({ side: this.side, code: this.code, keys, secret }, this.#random);
  }

  toJSON(): string {
    return "[link key]";
  }
}

interface Agreed {
  readonly side: LinkSideName;
  readonly code: string;
  readonly keys: { readonly existing: SealKey; readonly new: SealKey };
  readonly secret: Uint8Array;
}

/** What two devices that know each other's keys say to each other, once a person has compared `check` on both. */
export class LinkChannel {
  /** 24 bits over both keys as eight digits, the same on both devices unless someone stands between them */
  readonly check: string;
  readonly #agreed: Agreed;
  readonly #random: RandomSource;

  constructor(agreed: Agreed, random: RandomSource) {
    this.#agreed = agreed;
    this.#random = random;
    const { code, keys } = agreed;
    const hash = hashStatement(domains.deviceLinkCheck, { code, ...keys });
    const digits = String(Number.parseInt(hash.slice(0, 6), 16)).padStart(checkDigits, "0");
    this.check = `${digits.slice(0, 4)} ${digits.slice(4)}`;
  }

  /** Seals a part for the other side: a random nonce, then XChaCha20-Poly1305-IETF with code, side and place as associated data. */
  seal(plaintext: Uint8Array, part: number): string {
    const { side } = this.#agreed;
    const nonce = this.#random(nonceBytes);
    const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      plaintext,
      this.#data(side, part),
      null,
      nonce,
      this.#key(side),
    );
    const whole = new Uint8Array(nonceBytes + sealed.length);
    whole.set(nonce);
    whole.set(sealed, nonceBytes);
    return toBase64(whole);
  }

  /** Opens a part of the other side. Throws `bad_signature` when it was changed, or stands in another place. */
  open(sealed: string, part: number): Uint8Array {
    const side = this.#agreed.side === "new" ? "existing" : "new";
    const bytes = fromBase64(sealed, "part");
    try {
      return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        null,
        bytes.subarray(nonceBytes),
        this.#data(side, part),
        bytes.subarray(0, nonceBytes),
        this.#key(side),
      );
    } catch {
      throw new MeshError("bad_signature", "a part of the link does not open: it was changed");
    }
  }

  toJSON(): string {
    return "[link channel]";
  }

  #key(from: LinkSideName): Uint8Array {
    const { code, keys, secret } = this.#agreed;
    const info = utf8(jcs({ code, from, ...keys }));
    return hkdf({ secret, salt: utf8(domains.deviceLinkKey), info });
  }

  #data(from: LinkSideName, part: number): Uint8Array {
    return statementBytes(domains.deviceLinkPart, { code: this.#agreed.code, from, part });
  }
}

const commitmentOf = (code: string, side: LinkSideName, key: SealKey): Hash =>
  hashStatement(domains.deviceLink, { code, side, key });

function agreed(other: Uint8Array, secret: Uint8Array): Uint8Array {
  if (other.length !== keyBytes) {
    throw new MeshError("malformed", `link key: expected ${keyBytes} bytes`);
  }
  try {
    return sodium.crypto_scalarmult(secret, other);
  } catch {
    throw new MeshError("malformed", "link key: nothing can be agreed with this key");
  }
}
