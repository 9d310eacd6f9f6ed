import {
  type CallResult,
  type DueCall,
  limits,
  MeshError,
  type SealedCall,
  type SealedResult,
  type SealKey,
  type SignKey,
} from "@claudemesh/protocol";
import { type Domain, domains, hashBytes } from "./domain.ts";
import { fromBase64, fromUtf8, toBase64, utf8 } from "./encoding.ts";
import { type Opener, sealTo } from "./opener.ts";
import type { RandomSource } from "./random.ts";
import { padded, unpadded } from "./seal-vault.ts";
import { requireSigned, type Signer, signStatement } from "./signature.ts";

type Signed = "author" | "sealed" | "sig" | "v";

/** Something that a member seals to itself, and signs with what may be known of it. */
export interface CallSeal<E> {
  readonly statement: Omit<E, Signed>;
  /** what only the member's own devices read */
  readonly text: string;
  /** the member's own encryption key */
  readonly to: SealKey;
  readonly signer: Signer;
  readonly random: RandomSource;
}

/** Seals what a member's own devices are to do at a time. Throws `too_large` over 16 KiB. */
export const sealDueCall = (seal: CallSeal<DueCall>): SealedCall => sealOwn(domains.dueCall, seal);

/** Seals what came of it. Throws `too_large` over 16 KiB. */
export const sealCallResult = (seal: CallSeal<CallResult>): SealedResult =>
  sealOwn(domains.callResult, seal);

/** Throws `bad_signature` unless `key`, which the caller knows as its member's own, is the author and signed it. */
export const verifyDueCall = (entry: DueCall, key: SignKey): void =>
  verifyOwn(domains.dueCall, entry, key);

/** Throws `bad_signature` as `verifyDueCall`. */
export const verifyCallResult = (entry: CallResult, key: SignKey): void =>
  verifyOwn(domains.callResult, entry, key);

/** Opens what the caller has verified. Throws `bad_signature` where the ciphertext is another or does not open. */
export function openOwnCall(
  { entry, ciphertext }: SealedCall | SealedResult,
  opener: Opener,
): string {
  const bytes = fromBase64(ciphertext, "ciphertext");
  if (hashBytes(bytes) !== entry.sealed) {
    throw new MeshError("bad_signature", "ciphertext: not the one that was signed");
  }
  return fromUtf8(unpadded(opener.open(bytes)));
}

function sealOwn<E extends DueCall | CallResult>(
  domain: Domain,
  { statement, text, to, signer, random }: CallSeal<E>,
): { entry: E; ciphertext: string } {
  const plain = utf8(text);
  if (plain.length > limits.callBytes) {
    throw new MeshError("too_large", `input: over ${limits.callBytes} bytes`);
  }
  const sealed = sealTo(to, padded(plain), random);
  const body = { v: 1, ...statement, sealed: hashBytes(sealed), author: signer.key };
  const entry = signStatement(domain, body, signer) as unknown as E;
  return { entry, ciphertext: toBase64(sealed) };
}

function verifyOwn(domain: Domain, entry: DueCall | CallResult, key: SignKey): void {
  if (entry.author !== key) {
    throw new MeshError("bad_signature", "author: the call is signed by another key");
  }
  requireSigned(domain, entry, key, "call");
}
