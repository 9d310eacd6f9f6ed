import {
  asSealed,
  ciphertextOf,
  type Envelope,
  type EnvelopeHeader,
  type Hash,
  MeshError,
  type SignKey,
} from "@claudemesh/protocol";
import { canonicalStatement, domains, hashBytes, type StatementBytes } from "./domain.ts";
import { fromBase64, toBase64 } from "./encoding.ts";
import { type JsonValue, jcs } from "./jcs.ts";
import { isBytesSignedBy, type Signer } from "./signature.ts";

/** An envelope's parts as they are signed, hashed and opened; made once per message, since every check needs some of them. */
export interface CanonicalEnvelope {
  readonly headerHash: () => Hash;
  readonly ciphertext: Uint8Array;
  readonly signed: StatementBytes;
}

/** The canonical JSON of a header. */
export const headerText = (header: EnvelopeHeader): string => jcs(header as unknown as JsonValue);

/** The domain-separated hash of a header's canonical JSON, which the ciphertext repeats. */
export const headerHash = (text: string): Hash =>
  hashBytes(canonicalStatement(domains.envelopeHeader, text));

/** The parts of an envelope; throws `malformed` when its body is not canonical base64url. */
export function canonicalEnvelope({ header, body }: Envelope): CanonicalEnvelope {
  const text = headerText(header);
  const ciphertext = fromBase64(ciphertextOf(body), "body");
  return {
    headerHash: () => headerHash(text),
    ciphertext,
    signed: signedBytes(text, ciphertext),
  };
}

/** JCS of `{header, body}`, body being the SHA-256 of the ciphertext: composed from the header's text, so that it is made once. */
const signedBytes = (text: string, ciphertext: Uint8Array): StatementBytes =>
  canonicalStatement(domains.envelope, `{"body":"${hashBytes(ciphertext)}","header":${text}}`);

/** Signs a header with its ciphertext. `text` is the header's canonical JSON. */
export function signEnvelope(
  header: EnvelopeHeader,
  text: string,
  ciphertext: Uint8Array,
  signer: Signer,
): Envelope {
  return {
    header,
    body: asSealed(toBase64(ciphertext)),
    sig: signer.signBytes(signedBytes(text, ciphertext)),
  };
}

/** The hash of what is signed: header and ciphertext. Receipts and idempotency pin an envelope by it. */
export const envelopeDigest = (envelope: Envelope): Hash =>
  hashBytes(canonicalEnvelope(envelope).signed);

/** Throws `bad_signature` unless `key` signed header and ciphertext; gives the envelope's digest, which costs no second pass. */
export const verifyEnvelope = (envelope: Envelope, key: SignKey): Hash =>
  verifyCanonical(canonicalEnvelope(envelope), envelope, key);

/** `verifyEnvelope` for a caller that has the parts already. */
export function verifyCanonical(
  canonical: CanonicalEnvelope,
  envelope: Envelope,
  key: SignKey,
): Hash {
  if (!isBytesSignedBy(key, canonical.signed, envelope.sig)) {
    throw new MeshError("bad_signature", "the signature of the envelope does not verify");
  }
  return hashBytes(canonical.signed);
}
