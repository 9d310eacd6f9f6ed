/**
 * What a broker may import: verifying, hashing, MACs, ids and randomness. Nothing here opens or seals or holds a member's secret
 * (verify.test.ts walks what this file reaches); the roster's builders sign only with a signer of the caller's, which this file does not give.
 */
export {
  type AttestationEnd,
  attestationEnd,
  requireAttested,
  verifyAttachProof,
  verifyAttestation,
} from "./attestation.ts";
export {
  type AuditBody,
  type AuditFault,
  type AuditPlace,
  type AuditSigner,
  AuditWalk,
  auditHash,
  auditSigner,
  isAuditHeadSigned,
} from "./audit.ts";
export { keyCommitment } from "./commitment.ts";
export type { Connection } from "./connection-binding.ts";
export { type Domain, domains, hashStatement, sha256 } from "./domain.ts";
export { fromBase64, fromUtf8, toBase64, toHex, utf8 } from "./encoding.ts";
export { envelopeDigest, verifyEnvelope } from "./envelope.ts";
export { manifestHash, verifyManifest } from "./file/manifest.ts";
export { grantsHash, verifyGrants } from "./grants.ts";
export { type HelloCheck, verifyHello } from "./hello.ts";
export { hmacSha256 } from "./hkdf.ts";
export {
  newDeviceId,
  newFileId,
  newMessageId,
  newReceiptId,
  newRecordId,
  newRequestId,
  newSessionId,
  newTopicId,
  OrderedIds,
} from "./ids.ts";
export {
  type InviteClaim,
  inviteIdOf,
  verifyInviteOpen,
  verifyInviteProof,
} from "./invite-proof.ts";
export { type JsonValue, jcs } from "./jcs.ts";
export {
  bundleRecipients,
  coversAll,
  startedCommitment,
  uncovered,
  verifyKeyBundleRow,
} from "./key-bundle.ts";
export { mac, macEquals } from "./mac.ts";
export { verifyPeerAnswer, verifyPeerAsk } from "./peer-file.ts";
export { newerProfile, profileHash, verifyProfile } from "./profile.ts";
export { type RandomSource, systemRandom } from "./random.ts";
export { verifyReceipt } from "./receipt.ts";
export { type RecordWrite, recordHash, verifyRecord } from "./record.ts";
export * from "./roster/index.ts";
export { safetyNumber } from "./safety-number.ts";
export { isSignedBy, requireSigned, unsigned } from "./signature.ts";
export { ready } from "./sodium.ts";
export {
  generalName,
  generalTopic,
  requireTopicAuthor,
  requireTopicSuccessor,
  topicHash,
  verifyTopic,
} from "./topic.ts";
export { Uuidv7Source, uuidv4, uuidv7 } from "./uuid.ts";
export { requireCiphertext, verifyVaultEntry } from "./vault.ts";
