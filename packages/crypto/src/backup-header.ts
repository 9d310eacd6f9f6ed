import { MeshError } from "@claudemesh/protocol";
import { utf8 } from "./encoding.ts";

/** How a passphrase is turned into a key: Argon2id (RFC 9106), one lane, so many passes over so much memory. */
export interface BackupCost {
  readonly passes: number;
  readonly memoryKiB: number;
}

/** What libsodium calls moderate; less is neither written nor read. */
export const moderateCost: BackupCost = { passes: 3, memoryKiB: 256 * 1024 };
const mostCost: BackupCost = { passes: 16, memoryKiB: 1024 * 1024 };

export const backupSalt = 16;
export const backupNonce = 24;
const magic = utf8("CMBK1");
const tagBytes = 16;
const argon2id13 = 1;
const fixed = magic.length + 1 + 4 + 4 + 4;
/** bytes of a backup before its ciphertext */
export const backupHeaderBytes = fixed + backupSalt + backupNonce;

export interface BackupHeader {
  readonly cost: BackupCost;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  /** bytes of ciphertext that follow */
  readonly length: number;
}

/** `CMBK1`, the key derivation (1 = Argon2id, version 1.3), passes, KiB and the ciphertext's length as 32-bit big-endian numbers, salt, nonce. */
export function writeBackupHeader({ cost, salt, nonce, length }: BackupHeader): Uint8Array {
  const header = new Uint8Array(backupHeaderBytes);
  const view = new DataView(header.buffer);
  header.set(magic);
  header[magic.length] = argon2id13;
  view.setUint32(magic.length + 1, cost.passes);
  view.setUint32(magic.length + 5, cost.memoryKiB);
  view.setUint32(magic.length + 9, length);
  header.set(salt, fixed);
  header.set(nonce, fixed + backupSalt);
  return header;
}

/** Reads what stands before the ciphertext. Throws `malformed` for what is no backup, is cut short or costs too little or too much, `upgrade_required` for another version. */
export function readBackupHeader(file: Uint8Array): BackupHeader {
  const begins = (text: Uint8Array, count: number) =>
    file.length >= count && text.subarray(0, count).every((byte, at) => file[at] === byte);
  if (!begins(magic, magic.length - 1)) {
    throw new MeshError("malformed", "the file is not a backup of claudemesh");
  }
  if (file.length < backupHeaderBytes) throw cutShort();
  if (!begins(magic, magic.length) || file[magic.length] !== argon2id13) {
    throw new MeshError("upgrade_required", "the backup was written by another version", {
      hint: "restore it with the version of claudemesh that wrote it, or a newer one",
    });
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const passes = view.getUint32(magic.length + 1);
  const memoryKiB = view.getUint32(magic.length + 5);
  const length = view.getUint32(magic.length + 9);
  requireCost({ passes, memoryKiB });
  if (length < tagBytes) throw cutShort();
  if (file.length < backupHeaderBytes + length) throw cutShort();
  if (file.length > backupHeaderBytes + length) {
    throw new MeshError("malformed", "the backup has something behind its end");
  }
  const salt = file.slice(fixed, fixed + backupSalt);
  const nonce = file.slice(fixed + backupSalt, backupHeaderBytes);
  return { cost: { passes, memoryKiB }, salt, nonce, length };
}

/** Throws `malformed` for a cost below moderate or beyond what a machine should be asked for. */
export function requireCost({ passes, memoryKiB }: BackupCost): void {
  const isWeak = passes < moderateCost.passes || memoryKiB < moderateCost.memoryKiB;
  const isHuge = passes > mostCost.passes || memoryKiB > mostCost.memoryKiB;
  if (!isWeak && !isHuge) return;
  throw new MeshError(
    "malformed",
    `the backup's key derivation is ${isWeak ? "weaker" : "costlier"} than any that claudemesh writes`,
  );
}

const cutShort = (): MeshError =>
  new MeshError("malformed", "the backup is cut short", {
    hint: "copy the file again, whole",
  });
