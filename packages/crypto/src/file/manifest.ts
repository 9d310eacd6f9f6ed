import {
  type FileInside,
  type FileManifest,
  type Hash,
  limits,
  MeshError,
  type SignKey,
} from "@claudemesh/protocol";
import { domains, hashStatement } from "../domain.ts";
import type { JsonValue } from "../jcs.ts";
import { requireSigned, type Signer, signStatement } from "../signature.ts";

export type FileStatement = Omit<FileManifest, "v" | "author" | "sig">;

/** Signs a file's manifest; `author` becomes the signer's key. */
export const signManifest = (statement: FileStatement, signer: Signer): FileManifest =>
  signStatement(domains.fileManifest, { v: 1 as const, ...statement, author: signer.key }, signer);

/** Throws `bad_signature` unless `key`, which the caller takes from the roster, is the author and signed the manifest. */
export function verifyManifest(manifest: FileManifest, key: SignKey): void {
  if (manifest.author !== key) {
    throw new MeshError("bad_signature", "author: the file's manifest is signed by another key");
  }
  requireSigned(domains.fileManifest, manifest, key, "file's manifest");
}

/** Names a manifest, signature and all: every sealed key of the file has it inside. */
export const manifestHash = (manifest: FileManifest): Hash =>
  hashStatement(domains.fileManifest, manifest as unknown as JsonValue);

/** What a manifest says of a file's key, name, size and tags without telling them: the key in it keeps short names from being guessed. */
export const insideHash = (
  { mesh, file }: Pick<FileManifest, "mesh" | "file">,
  inside: FileInside,
): Hash => hashStatement(domains.fileInside, { mesh, file, ...inside });

/** Bytes of ciphertext that a file of so many bytes has: each chunk carries 17 more, and an empty file has one chunk. */
export const cipherBytes = (bytes: number): number =>
  bytes + 17 * Math.max(1, Math.ceil(bytes / limits.fileChunkBytes));
