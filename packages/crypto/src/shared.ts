import {
  type Envelope,
  type EnvelopeHeader,
  limits,
  MeshError,
  MessageBody,
  parse,
} from "@claudemesh/protocol";
import { utf8 } from "./encoding.ts";
import {
  type CanonicalEnvelope,
  canonicalEnvelope,
  headerHash,
  headerText,
  signEnvelope,
} from "./envelope.ts";
import { openInner } from "./inner.ts";
import { jcs } from "./jcs.ts";
import type { KeyRing } from "./key-ring.ts";
import type { RandomSource } from "./random.ts";
import { isShared, sharedKey } from "./shared-key.ts";
import type { Signer } from "./signature.ts";
import { sodium } from "./sodium.ts";

const nonceBytes = 24;

export interface SharedMessage {
  readonly header: EnvelopeHeader;
  readonly body: MessageBody;
  readonly ring: KeyRing;
  /** the sender's member key */
  readonly signer: Signer;
  readonly random: RandomSource;
}

/**
 * Seals a message under the epoch or topic key that its header names, with XChaCha20-Poly1305-IETF and the header's hash as associated data, and signs
 * it. Throws `malformed` on a kind sealed to one or a bad body, `not_found` without the key, `too_large` over 64 KiB of ciphertext.
 */
export function sealShared({ header, body, ring, signer, random }: SharedMessage): Envelope {
  const text = headerText(header);
  const h = headerHash(text);
  const key = requireKey(header, ring);
  const inner = utf8(jcs({ h, body: parse(MessageBody, body, "message") }));
  const nonce = random(nonceBytes);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(inner, h, null, nonce, key);
  const ciphertext = new Uint8Array(nonceBytes + sealed.length);
  ciphertext.set(nonce);
  ciphertext.set(sealed, nonceBytes);
  if (ciphertext.length > limits.messageBytes) {
    throw new MeshError("too_large", `the message is over ${limits.messageBytes} bytes sealed`);
  }
  return signEnvelope(header, text, ciphertext, signer);
}

function requireKey(header: EnvelopeHeader, ring: KeyRing): Uint8Array {
  if (!isShared(header.kind)) {
    throw new MeshError("malformed", `kind: a ${header.kind} message is not sealed to many`);
  }
  const key = sharedKey(header, ring);
  if (key !== undefined) return key;
  const message = `keyVersion: the key ring lacks key ${header.keyVersion} of ${header.to}`;
  throw new MeshError("not_found", message);
}

/**
 * Opens a message sealed under a key of the ring; the signature is the caller's to check before. Throws `not_found` without the key, `too_large`,
 * `bad_signature` when it does not open under this header, `malformed` when what is inside is not a message.
 */
export const openShared = (envelope: Envelope, ring: KeyRing): MessageBody =>
  openSharedCanonical(canonicalEnvelope(envelope), requireKey(envelope.header, ring));

/** `openShared` for a caller that has the envelope's parts and the key already. */
export function openSharedCanonical(canonical: CanonicalEnvelope, key: Uint8Array): MessageBody {
  const { ciphertext } = canonical;
  if (ciphertext.length > limits.messageBytes) {
    throw new MeshError("too_large", `body: ciphertext is over ${limits.messageBytes} bytes`);
  }
  return openInner(decrypt(ciphertext, canonical.headerHash(), key), canonical);
}

function decrypt(ciphertext: Uint8Array, h: string, key: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      ciphertext.subarray(nonceBytes),
      h,
      ciphertext.subarray(0, nonceBytes),
      key,
    );
  } catch (cause) {
    const message = "the body does not open with this key under this header";
    throw new MeshError("bad_signature", message, { cause });
  }
}
