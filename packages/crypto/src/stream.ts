import { MeshError, type SignKey, type StreamItem } from "@claudemesh/protocol";
import { domains, hashStatement } from "./domain.ts";
import { fromBase64, fromUtf8, toBase64, utf8 } from "./encoding.ts";
import { hkdf } from "./hkdf.ts";
import type { JsonValue } from "./jcs.ts";
import type { KeyRing } from "./key-ring.ts";
import type { RandomSource } from "./random.ts";
import { requireSigned, type Signer, signStatement } from "./signature.ts";
import { sodium } from "./sodium.ts";

const nonceBytes = 24;

export type StreamStatement = Omit<StreamItem, "author" | "sealed" | "sig" | "v">;

export interface StreamSeal {
  readonly statement: StreamStatement;
  /** canonical or not: what comes out is these bytes */
  readonly text: string;
  readonly ring: KeyRing;
  readonly isPrivate: boolean;
  /** the publisher's member key */
  readonly signer: Signer;
  readonly random: RandomSource;
}

/** Seals an item under the stream's key and signs it, the statement being the associated data. Throws `not_found` without the key. */
export function sealStreamItem(seal: StreamSeal): StreamItem {
  const { statement, text, ring, isPrivate, signer, random } = seal;
  const nonce = random(nonceBytes);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    utf8(text),
    boundTo(statement),
    null,
    nonce,
    requireKey(statement, ring, isPrivate),
  );
  const whole = new Uint8Array(nonceBytes + sealed.length);
  whole.set(nonce);
  whole.set(sealed, nonceBytes);
  const body = { v: 1 as const, ...statement, sealed: toBase64(whole), author: signer.key };
  return signStatement(domains.stream, body, signer);
}

/** Throws `bad_signature` unless `key`, which the caller takes from the roster, is the author and signed it. */
export function verifyStreamItem(item: StreamItem, key: SignKey): void {
  if (item.author !== key) {
    throw new MeshError("bad_signature", "author: the item is signed by another key");
  }
  requireSigned(domains.stream, item, key, "item");
}

/** Opens an item whose signature the caller has checked. Throws `not_found` without the key, `bad_signature` when it does not open. */
export function openStreamItem(item: StreamItem, ring: KeyRing, isPrivate: boolean): string {
  const { v: _v, sealed, author: _author, sig: _sig, ...statement } = item;
  const whole = fromBase64(sealed, "ciphertext");
  const key = requireKey(statement, ring, isPrivate);
  let plain: Uint8Array;
  try {
    plain = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      whole.subarray(nonceBytes),
      boundTo(statement),
      whole.subarray(0, nonceBytes),
      key,
    );
  } catch (cause) {
    throw new MeshError("bad_signature", "the item does not open with the stream's key", { cause });
  }
  return fromUtf8(plain);
}

const boundTo = (statement: StreamStatement): string =>
  hashStatement(domains.stream, statement as unknown as JsonValue);

/** HKDF from the mesh key of an epoch, or from a private topic's own, with the domain as salt and the stream's place as info. */
function requireKey(
  { keyVersion, stream, topic }: StreamStatement,
  ring: KeyRing,
  isPrivate: boolean,
): Uint8Array {
  const secret =
    isPrivate && topic !== undefined ? ring.topicKey(topic, keyVersion) : ring.epochKey(keyVersion);
  if (secret === undefined) {
    throw new MeshError("not_found", `keyVersion: the key ring lacks key ${keyVersion}`);
  }
  return hkdf({
    secret: fromBase64(secret, "key"),
    salt: utf8(domains.stream),
    info: utf8(topic === undefined ? stream : `${topic} ${stream}`),
  });
}
