import { type InviteId, MeshError, type MeshId } from "@claudemesh/protocol";
import { type Domain, statementBytes } from "./domain.ts";
import { fromBase64, fromUtf8, toBase64, utf8 } from "./encoding.ts";
import { type JsonValue, jcs } from "./jcs.ts";
import type { RandomSource } from "./random.ts";
import { sodium } from "./sodium.ts";

const nonceBytes = 24;

/** What a blob of an invite is sealed under: a key from the invite's code, with mesh and invite as associated data. */
export interface InviteSeal {
  readonly mesh: MeshId;
  readonly invite: InviteId;
  readonly key: Uint8Array;
}

/** What a blob is for: its domain, and what it is called where it does not open. */
export interface BlobKind {
  readonly domain: Domain;
  readonly what: string;
}

const associatedData = ({ domain }: BlobKind, { mesh, invite }: InviteSeal): Uint8Array =>
  statementBytes(domain, { mesh, invite });

/** Seals a value with XChaCha20-Poly1305-IETF: a 24-byte random nonce, then the ciphertext of its canonical JSON. */
export function sealInviteBlob(
  kind: BlobKind,
  value: JsonValue,
  seal: InviteSeal,
  random: RandomSource,
): string {
  const nonce = random(nonceBytes);
  const ciphertext = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    utf8(jcs(value)),
    associatedData(kind, seal),
    null,
    nonce,
    seal.key,
  );
  const blob = new Uint8Array(nonceBytes + ciphertext.length);
  blob.set(nonce);
  blob.set(ciphertext, nonceBytes);
  return toBase64(blob);
}

/** Opens such a blob; what it says is yet to be parsed. Throws `bad_signature` when it does not open for this invite and mesh, `malformed` when what is inside is no JSON. */
export function openInviteBlob(kind: BlobKind, blob: string, seal: InviteSeal): unknown {
  const plaintext = opened(kind, fromBase64(blob, `${kind.what} blob`), seal);
  try {
    return JSON.parse(fromUtf8(plaintext));
  } catch {
    throw new MeshError("malformed", `the opened ${kind.what} is not JSON`);
  }
}

function opened(kind: BlobKind, blob: Uint8Array, seal: InviteSeal): Uint8Array {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      blob.subarray(nonceBytes),
      associatedData(kind, seal),
      blob.subarray(0, nonceBytes),
      seal.key,
    );
  } catch {
    throw new MeshError("bad_signature", `the ${kind.what} blob does not open with this invite`);
  }
}
