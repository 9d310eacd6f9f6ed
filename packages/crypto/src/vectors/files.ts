import type { FileId, FileInside, FileManifest, Hash, MemberId } from "@claudemesh/protocol";
import { hashBytes } from "../domain.ts";
import { fromBase64, toBase64, toHex, utf8 } from "../encoding.ts";
import { insideHash, manifestHash, signManifest } from "../file/manifest.ts";
import { openInside, sealInside } from "../file/seal-inside.ts";
import { sodium } from "../sodium.ts";
import * as at from "../testing/fixtures.ts";
import { seededRandom } from "../testing/seeded-random.ts";

const file = "fil_00000000-0000-4000-8000-000000000001" as FileId;
const text = utf8("a file of one chunk");
const inside: FileInside = {
  key: toBase64(seededRandom("file key")(32)),
  header: toBase64(seededRandom("file header")(24)),
  name: "notes.txt",
  bytes: text.length,
  tags: ["draft"],
};

/** The last chunk of a secretstream whose header is given, by libsodium itself: it opens the state as a reader does, and its push is the same from there on. */
function ciphertext(): Uint8Array {
  const { key, header } = inside;
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(
    fromBase64(header),
    fromBase64(key),
  );
  return sodium.crypto_secretstream_xchacha20poly1305_push(state, text, null, 3);
}

export function fileVectors() {
  const [alice, bob, mallory] = ["alice", "bob", "mallory"].map((name) => at.memberOf(name));
  if (!alice || !bob || !mallory) throw new Error("three members");
  const bytes = ciphertext();
  const statement = {
    ...{ mesh: at.mesh, file, bytes: bytes.length, sha256: hashBytes(bytes), at: at.moment },
    inside: insideHash({ mesh: at.mesh, file }, inside),
    head: { seq: 1, hash: "1".repeat(64) as Hash },
    member: `mbr_${"2".repeat(64)}` as MemberId,
  };
  const manifest = signManifest(statement, alice.signer);
  const other = signManifest({ ...statement, at: at.moment + 1 }, alice.signer);
  const sealed = (of: FileManifest) =>
    sealInside(of, inside, bob.keys.seal, seededRandom("sealed to bob"));
  openInside(manifest, sealed(manifest), bob.opener);
  return {
    format: "file",
    textHex: toHex(text),
    inside,
    ciphertextHex: toHex(bytes),
    manifest,
    manifestHash: manifestHash(manifest),
    author: alice.keys.sign,
    recipient: { seal: bob.keys.seal, name: "bob" },
    sealed: sealed(manifest),
    failures: [
      { name: "another manifest's key", manifest, sealed: sealed(other), error: "bad_signature" },
      {
        name: "another name inside",
        manifest,
        sealed: sealInside(
          manifest,
          { ...inside, name: "other.txt" },
          bob.keys.seal,
          seededRandom("renamed"),
        ),
        error: "bad_signature",
      },
      {
        name: "signed by another",
        manifest: { ...signManifest(statement, mallory.signer), author: alice.keys.sign },
        sealed: sealed(manifest),
        error: "bad_signature",
      },
    ],
  };
}
