import type { Hash } from "@claudemesh/protocol";
import { toHex, utf8 } from "./encoding.ts";
import { type JsonValue, jcs } from "./jcs.ts";
import { sodium } from "./sodium.ts";

/** Every purpose that something is signed, hashed or derived for, with its version; one place, so that two can never collide. */
export const domains = {
  attach: "claudemesh/attach/v1",
  attest: "claudemesh/attest/v1",
  envelope: "claudemesh/envelope/v1",
  envelopeHeader: "claudemesh/envelope-header/v1",
  hello: "claudemesh/hello/v1",
  inviteCode: "claudemesh/invite-code/v1",
  inviteId: "claudemesh/invite-id/v1",
  inviteOpen: "claudemesh/invite-open/v1",
  inviteProof: "claudemesh/invite-proof/v1",
  keyCommitment: "claudemesh/key-commitment/v1",
  member: "claudemesh/member/v1",
  profile: "claudemesh/profile/v1",
  receipt: "claudemesh/receipt/v1",
  rekey: "claudemesh/rekey/v1",
  roster: "claudemesh/roster/v1",
  safetyNumber: "claudemesh/safety-number/v1",
  welcome: "claudemesh/welcome/v1",
} as const;

export type Domain = (typeof domains)[keyof typeof domains];

/** What is signed or hashed for a purpose: `"<domain>\n" + JCS(value)` as UTF-8. */
export const statementBytes = (domain: Domain, value: JsonValue): Uint8Array =>
  utf8(`${domain}\n${jcs(value)}`);

/** SHA-256 (FIPS 180-4) of bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => sodium.crypto_hash_sha256(bytes);

/** The domain-separated SHA-256 of a value, as hex. */
export const hashStatement = (domain: Domain, value: JsonValue): Hash =>
  toHex(sha256(statementBytes(domain, value))) as Hash;
