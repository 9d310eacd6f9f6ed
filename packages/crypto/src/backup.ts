import { BackupContents, MeshError, parse } from "@claudemesh/protocol";
import {
  type BackupCost,
  backupHeaderBytes,
  backupNonce,
  backupSalt,
  moderateCost,
  readBackupHeader,
  requireCost,
  writeBackupHeader,
} from "./backup-header.ts";
import { fromUtf8, utf8 } from "./encoding.ts";
import { jcs } from "./jcs.ts";
import type { RandomSource } from "./random.ts";
import { sodium } from "./sodium.ts";

const leastChars = 12;
const tagBytes = 16;

/** Throws `malformed` for a passphrase of fewer than 12 characters. */
export function requirePassphrase(passphrase: string): void {
  if ([...passphrase.normalize("NFC")].length >= leastChars) return;
  throw new MeshError("malformed", `passphrase: at least ${leastChars} characters are needed`, {
    detail: { field: "passphrase" },
  });
}

/** Seals a backup under a passphrase: Argon2id, then XChaCha20-Poly1305-IETF with the header as associated data. Throws `malformed`. */
export function sealBackup(
  contents: BackupContents,
  passphrase: string,
  random: RandomSource,
  cost: BackupCost = moderateCost,
): Uint8Array {
  requirePassphrase(passphrase);
  requireCost(cost);
  const plaintext = utf8(jcs(contents));
  const salt = random(backupSalt);
  const nonce = random(backupNonce);
  const header = writeBackupHeader({ cost, salt, nonce, length: plaintext.length + tagBytes });
  const key = backupKey(passphrase, salt, cost);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    plaintext,
    header,
    null,
    nonce,
    key,
  );
  const file = new Uint8Array(header.length + sealed.length);
  file.set(header);
  file.set(sealed, header.length);
  return file;
}

/** Opens a backup. Throws `bad_signature` when the passphrase is another or the file was changed, and what reading header and contents throws. */
export function openBackup(file: Uint8Array, passphrase: string): BackupContents {
  const { cost, salt, nonce } = readBackupHeader(file);
  const key = backupKey(passphrase, salt, cost);
  let plaintext: Uint8Array;
  try {
    plaintext = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      file.subarray(backupHeaderBytes),
      file.subarray(0, backupHeaderBytes),
      nonce,
      key,
    );
  } catch {
    throw new MeshError("bad_signature", "the passphrase is wrong, or the backup was changed", {
      hint: "type it again; if it is right, copy the file again",
    });
  }
  return parseBackup(plaintext);
}

/** The contents of an opened backup. Throws `malformed`, `upgrade_required`. */
export function parseBackup(plaintext: Uint8Array): BackupContents {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(plaintext));
  } catch {
    throw new MeshError("malformed", "the opened backup is not JSON");
  }
  const version = (value as { v?: unknown } | null)?.v;
  if (typeof version === "number" && version > 1) {
    throw new MeshError("upgrade_required", "the backup's contents are of a newer version");
  }
  return parse(BackupContents, value, "backup");
}

/** The 32-byte key of a passphrase, which counts in Unicode normal form C. */
export function backupKey(
  passphrase: string,
  salt: Uint8Array,
  { passes, memoryKiB }: BackupCost,
): Uint8Array {
  return sodium.crypto_pwhash(
    32,
    utf8(passphrase.normalize("NFC")),
    salt,
    passes,
    memoryKiB * 1024,
    sodium.crypto_pwhash_ALG_ARGON2ID13,
  );
}
