import type { Hash } from "@claudemesh/protocol";
import { toHex, utf8 } from "./encoding.ts";
import { type JsonValue, jcs } from "./jcs.ts";
import { sodium } from "./sodium.ts";

/** Every purpose that something is signed, hashed or derived for, with its version; one place, so that two can never collide. */
export const domains = {
  atRest: "claudemesh/at-rest/v1",
  attach: "claudemesh/attach/v1",
  attest: "claudemesh/attest/v1",
  audit: "claudemesh/audit/v1",
  auditHead: "claudemesh/audit-head/v1",
  deviceLink: "claudemesh/device-link/v1",
  deviceLinkCheck: "claudemesh/device-link-check/v1",
  deviceLinkKey: "claudemesh/device-link-key/v1",
  deviceLinkPart: "claudemesh/device-link-part/v1",
  envelope: "claudemesh/envelope/v1",
  envelopeHeader: "claudemesh/envelope-header/v1",
  fileInside: "claudemesh/file-inside/v1",
  fileManifest: "claudemesh/file-manifest/v1",
  grants: "claudemesh/grants/v1",
  hello: "claudemesh/hello/v1",
  inviteCode: "claudemesh/invite-code/v1",
  inviteId: "claudemesh/invite-id/v1",
  inviteOpen: "claudemesh/invite-open/v1",
  inviteProof: "claudemesh/invite-proof/v1",
  keyBundle: "claudemesh/key-bundle/v1",
  keyCommitment: "claudemesh/key-commitment/v1",
  member: "claudemesh/member/v1",
  mesh: "claudemesh/mesh/v1",
  peerFileAnswer: "claudemesh/peer-file-answer/v1",
  peerFileAsk: "claudemesh/peer-file-ask/v1",
  privateTopic: "claudemesh/private-topic/v1",
  profile: "claudemesh/profile/v1",
  receipt: "claudemesh/receipt/v1",
  record: "claudemesh/record/v1",
  rekey: "claudemesh/rekey/v1",
  roster: "claudemesh/roster/v1",
  rosterCheckpoint: "claudemesh/roster-checkpoint/v1",
  safetyNumber: "claudemesh/safety-number/v1",
  stream: "claudemesh/stream/v1",
  topic: "claudemesh/topic/v1",
  topicId: "claudemesh/topic-id/v1",
  topicStatement: "claudemesh/topic-statement/v1",
  vault: "claudemesh/vault/v1",
  welcome: "claudemesh/welcome/v1",
} as const;

export type Domain = (typeof domains)[keyof typeof domains];

declare const separated: unique symbol;

/** Bytes that begin with their domain; the only thing that a `Signer` signs. */
export type StatementBytes = Uint8Array & { readonly [separated]: true };

/** The statement of a text that is canonical JSON already, for callers that need its parts more than once. */
export const canonicalStatement = (domain: Domain, canonical: string): StatementBytes =>
  utf8(`${domain}\n${canonical}`) as StatementBytes;

/** What is signed or hashed for a purpose: `"<domain>\n" + JCS(value)` as UTF-8. */
export const statementBytes = (domain: Domain, value: JsonValue): StatementBytes =>
  canonicalStatement(domain, jcs(value));

/** SHA-256 (FIPS 180-4) of bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => sodium.crypto_hash_sha256(bytes);

/** SHA-256 of bytes, as lower-case hex. */
export const hashBytes = (bytes: Uint8Array): Hash => toHex(sha256(bytes)) as Hash;

/** The domain-separated SHA-256 of a value, as hex. */
export const hashStatement = (domain: Domain, value: JsonValue): Hash =>
  hashBytes(statementBytes(domain, value));
