import {
  FileInside,
  type FileManifest,
  type FileShared,
  MeshError,
  parse,
  type SealKey,
  topicOf,
} from "@claudemesh/protocol";
import { fromBase64, fromUtf8, toBase64, utf8 } from "../encoding.ts";
import { jcs } from "../jcs.ts";
import type { KeyRing } from "../key-ring.ts";
import { type Opener, sealTo } from "../opener.ts";
import type { RandomSource } from "../random.ts";
import { sharedKey } from "../shared-key.ts";
import { sodium } from "../sodium.ts";
import { insideHash, manifestHash } from "./manifest.ts";

const nonceBytes = 24;

/** Seals a file's key and name to one member, with the manifest's hash inside. */
export const sealInside = (
  manifest: FileManifest,
  inside: FileInside,
  to: SealKey,
  random: RandomSource,
): string => toBase64(sealTo(to, innerOf(manifest, inside), random));

/** Opens what was sealed to this member. Throws `bad_signature` for what does not open, or belongs to another manifest. */
export const openInside = (manifest: FileManifest, sealed: string, opener: Opener): FileInside =>
  insideOf(manifest, opener.open(fromBase64(sealed, "sealed file key")));

/** Whose key a shared file lies under: that of the manifest's audience, at a version. */
export interface FileAudience {
  readonly isPrivate: boolean;
  readonly keyVersion: number;
  readonly ring: KeyRing;
}

/** Seals the same under the key by which messages to the manifest's audience are sealed, the manifest's hash as associated data. Throws `not_found` without that key. */
export function sealInsideShared(
  manifest: FileManifest,
  inside: FileInside,
  audience: FileAudience & { readonly random: RandomSource },
): FileShared {
  const nonce = audience.random(nonceBytes);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    innerOf(manifest, inside),
    manifestHash(manifest),
    null,
    nonce,
    keyOf(manifest, audience),
  );
  const whole = new Uint8Array(nonceBytes + sealed.length);
  whole.set(nonce);
  whole.set(sealed, nonceBytes);
  return { keyVersion: audience.keyVersion, sealed: toBase64(whole) };
}

/** Opens what was sealed to the manifest's audience. Throws `not_found` without the key, `bad_signature` for what does not open, or belongs to another manifest. */
export function openInsideShared(
  manifest: FileManifest,
  sealed: string,
  audience: FileAudience,
): FileInside {
  const key = keyOf(manifest, audience);
  const whole = fromBase64(sealed, "sealed file key");
  try {
    const inner = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      whole.subarray(nonceBytes),
      manifestHash(manifest),
      whole.subarray(0, nonceBytes),
      key,
    );
    return insideOf(manifest, inner);
  } catch (cause) {
    if (cause instanceof MeshError) throw cause;
    throw new MeshError("bad_signature", "the file's key does not open under its manifest", {
      cause,
    });
  }
}

function keyOf({ to }: FileManifest, { isPrivate, keyVersion, ring }: FileAudience): Uint8Array {
  const topic = to === undefined ? undefined : topicOf(to);
  const kind = topic === undefined ? "broadcast" : isPrivate ? "private_topic" : "topic";
  const key = to === undefined ? undefined : sharedKey({ kind, keyVersion, to }, ring);
  if (key !== undefined) return key;
  throw new MeshError("not_found", `keyVersion: the key ring lacks key ${keyVersion} of ${to}`);
}

const innerOf = (manifest: FileManifest, inside: FileInside): Uint8Array =>
  utf8(jcs({ m: manifestHash(manifest), inside }));

/** What decides is the commitment that the uploader signed: whoever sealed it again can change nothing. */
function insideOf(manifest: FileManifest, plaintext: Uint8Array): FileInside {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(plaintext));
  } catch {
    throw new MeshError("malformed", "the opened file key is not JSON");
  }
  const { m, inside } = (value ?? {}) as { readonly m?: unknown; readonly inside?: unknown };
  const parsed = parse(FileInside, inside, "file key");
  if (m !== manifestHash(manifest) || insideHash(manifest, parsed) !== manifest.inside) {
    throw new MeshError("bad_signature", "the file's key belongs to another manifest");
  }
  return parsed;
}
