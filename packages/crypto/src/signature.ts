import { MeshError, type Signature, type SignKey } from "@claudemesh/protocol";
import { type Domain, type StatementBytes, statementBytes } from "./domain.ts";
import { fromBase64, toBase64 } from "./encoding.ts";
import type { JsonValue } from "./jcs.ts";
import { sodium } from "./sodium.ts";

/** An Ed25519 signing key (RFC 8032) made from a 32-byte seed. The private part cannot be read back, printed or serialized. */
export class Signer {
  readonly #secret: Uint8Array;
  readonly key: SignKey;

  constructor(seed: Uint8Array) {
    const pair = sodium.crypto_sign_seed_keypair(seed);
    this.#secret = pair.privateKey;
    this.key = toBase64(pair.publicKey) as SignKey;
  }

  /** Signs the domain-separated value. */
  sign(domain: Domain, value: JsonValue): Signature {
    return this.signBytes(statementBytes(domain, value));
  }

  /** Signs a statement whose bytes the caller has already. */
  signBytes(bytes: StatementBytes): Signature {
    return toBase64(sodium.crypto_sign_detached(bytes, this.#secret)) as Signature;
  }

  toJSON(): string {
    return "[signing key]";
  }
}

/** Whether `sig` is `key`'s signature over the domain-separated value. Malformed keys and signatures are simply false. */
export function isSignedBy(
  key: SignKey,
  domain: Domain,
  value: JsonValue,
  sig: Signature,
): boolean {
  try {
    return isBytesSignedBy(key, statementBytes(domain, value), sig);
  } catch {
    return false;
  }
}

/** Whether `sig` is `key`'s signature over a statement's bytes. Malformed keys and signatures are simply false. */
export function isBytesSignedBy(key: SignKey, bytes: StatementBytes, sig: Signature): boolean {
  try {
    return sodium.crypto_sign_verify_detached(
      fromBase64(sig, "signature"),
      bytes,
      fromBase64(key, "signing key"),
    );
  } catch {
    return false;
  }
}

/** A statement without its signature: what `sig` covers. */
export function unsigned<T extends { sig: Signature }>(statement: T): Omit<T, "sig"> {
  const { sig: _sig, ...rest } = statement;
  return rest;
}

/** Adds `sig`, the signature over everything else in the statement. */
export function signStatement<T extends object>(
  domain: Domain,
  body: T,
  signer: Signer,
): T & { sig: Signature } {
  return { ...body, sig: signer.sign(domain, body as unknown as JsonValue) };
}

/** Throws `bad_signature` naming `what` unless the statement's `sig` is `key`'s over everything else in it. */
export function requireSigned<T extends { sig: Signature }>(
  domain: Domain,
  statement: T,
  key: SignKey,
  what: string,
): void {
  if (!isSignedBy(key, domain, unsigned(statement) as unknown as JsonValue, statement.sig)) {
    throw new MeshError("bad_signature", `the signature of the ${what} does not verify`);
  }
}
