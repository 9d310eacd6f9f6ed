export {
  type AttachProofFields,
  type AttestationFields,
  signAttachProof,
  signAttestation,
} from "./attestation.ts";
export { openBackup, parseBackup, requirePassphrase, sealBackup } from "./backup.ts";
export { readBackupHeader } from "./backup-header.ts";
export { createMeshKey } from "./commitment.ts";
export { LinkChannel, LinkSide, type LinkSideName } from "./device-link.ts";
export { type DirectMessage, openDirect, sealDirect, voidEnvelope } from "./direct.ts";
export {
  type CallSeal,
  openOwnCall,
  sealCallResult,
  sealDueCall,
  verifyCallResult,
  verifyDueCall,
} from "./due-call.ts";
export { cipherBytes, type FileStatement, insideHash, signManifest } from "./file/manifest.ts";
export {
  type FileAudience,
  openInside,
  openInsideShared,
  sealInside,
  sealInsideShared,
} from "./file/seal-inside.ts";
export { type GrantsStatement, signGrants } from "./grants.ts";
export { type HelloFields, signHello } from "./hello.ts";
export { type HkdfInput, hkdf } from "./hkdf.ts";
export type { InviteSeal } from "./invite-blob.ts";
export { createInviteCode, InviteSecret, inviteSecret } from "./invite-code.ts";
export { formatInviteLink, type ParsedInvite, parseInvite } from "./invite-link.ts";
export { type InviteOpenFields, signInviteOpen, signInviteProof } from "./invite-proof.ts";
export { type KeyChain, KeyRing } from "./key-ring.ts";
export {
  createIdentitySeed,
  deriveMember,
  type MemberScope,
  type MemberSecret,
} from "./member-keys.ts";
export { Opener, sealTo } from "./opener.ts";
export { signPeerAnswer, signPeerAsk } from "./peer-file.ts";
export { type ProfileStatement, signProfile } from "./profile.ts";
export { type ReceiptFields, signReceipt } from "./receipt.ts";
export {
  type ChainView,
  type Received,
  type Receiver,
  receiveEnvelope,
  type SharedReceived,
  type SharedReceiver,
} from "./receive.ts";
export { signRecord } from "./record.ts";
export { buildRekey, type RekeyInput } from "./roster/build-rekey.ts";
export {
  type ChainKey,
  type KeyBundleInput,
  openKeyBundleRow,
  type RowReader,
  sealKeyBundle,
} from "./seal-key-bundle.ts";
export { openSecret, sealSecret, type VaultSeal, type VaultStatement } from "./seal-vault.ts";
export { openShared, type SharedMessage, sealShared } from "./shared.ts";
export type { SharedChain } from "./shared-checks.ts";
export { isShared, type SharedKind } from "./shared-key.ts";
export { Signer, signStatement } from "./signature.ts";
export {
  openStreamItem,
  type StreamSeal,
  type StreamStatement,
  sealStreamItem,
  verifyStreamItem,
} from "./stream.ts";
export { signTopic, type TopicStatement } from "./topic.ts";
export * from "./verify.ts";
export { openWelcome, sealWelcome } from "./welcome.ts";
