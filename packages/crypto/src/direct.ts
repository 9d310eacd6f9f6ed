import {
  type Envelope,
  type EnvelopeHeader,
  limits,
  MeshError,
  MessageBody,
  parse,
  type SealKey,
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
import type { Opener } from "./opener.ts";
import { sealTo } from "./opener.ts";
import type { RandomSource } from "./random.ts";
import type { Signer } from "./signature.ts";

export interface DirectMessage {
  readonly header: EnvelopeHeader;
  readonly body: MessageBody;
  /** the recipient's member or attested session key */
  readonly to: SealKey;
  /** the sender's member key */
  readonly signer: Signer;
  readonly random: RandomSource;
}

/** Whether a kind is sealed to one key: a direct message, or a ping in the same form. */
export const isSealedToOne = (kind: EnvelopeHeader["kind"]): boolean =>
  kind === "direct" || kind === "probe";

/**
 * Seals a message to one key and signs it; the header's hash goes inside, so that nobody can sign this ciphertext as their own.
 * Throws `malformed` on another kind or a bad body, `too_large` over 64 KiB of ciphertext.
 */
export function sealDirect({ header, body, to, signer, random }: DirectMessage): Envelope {
  if (!isSealedToOne(header.kind)) {
    throw new MeshError("malformed", `kind: a ${header.kind} message is not sealed to one key`);
  }
  const text = headerText(header);
  const inner = jcs({ h: headerHash(text), body: parse(MessageBody, body, "message") });
  const ciphertext = sealTo(to, utf8(inner), random);
  if (ciphertext.length > limits.messageBytes) {
    throw new MeshError("too_large", `the message is over ${limits.messageBytes} bytes sealed`);
  }
  return signEnvelope(header, text, ciphertext, signer);
}

/** The signed sign that a message was given up: the same id and counter, kind `void`, no body. Throws `malformed` on another kind. */
export function voidEnvelope({
  header,
  signer,
}: {
  readonly header: EnvelopeHeader;
  readonly signer: Signer;
}): Envelope {
  if (header.kind !== "void") {
    throw new MeshError("malformed", `kind: expected void, not ${header.kind}`);
  }
  return signEnvelope(header, headerText(header), new Uint8Array(0), signer);
}

/**
 * Opens a message sealed to one key; the signature is the caller's to check before. Throws `too_large` over 64 KiB, `bad_signature` when
 * it does not open or was sealed under another header, `malformed` when what is inside is not a message.
 */
export const openDirect = (envelope: Envelope, opener: Opener): MessageBody =>
  openCanonical(canonicalEnvelope(envelope), opener);

/** `openDirect` for a caller that has the envelope's parts already. */
export function openCanonical(canonical: CanonicalEnvelope, opener: Opener): MessageBody {
  if (canonical.ciphertext.length > limits.messageBytes) {
    throw new MeshError("too_large", `body: ciphertext is over ${limits.messageBytes} bytes`);
  }
  return openInner(openBody(canonical.ciphertext, opener), canonical);
}

function openBody(ciphertext: Uint8Array, opener: Opener): Uint8Array {
  try {
    return opener.open(ciphertext);
  } catch (cause) {
    throw new MeshError("bad_signature", "the body does not open with this key", { cause });
  }
}
