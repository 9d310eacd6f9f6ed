export {
  type AttachProofFields,
  type AttestationFields,
  signAttachProof,
  signAttestation,
} from "./attestation.ts";
export { createMeshKey } from "./commitment.ts";
export { type DirectMessage, openDirect, sealDirect, voidEnvelope } from "./direct.ts";
export { type HelloFields, signHello } from "./hello.ts";
export { type HkdfInput, hkdf } from "./hkdf.ts";
export { createInviteCode, InviteSecret, inviteSecret } from "./invite-code.ts";
export { formatInviteLink, type ParsedInvite, parseInvite } from "./invite-link.ts";
export { type InviteOpenFields, signInviteOpen, signInviteProof } from "./invite-proof.ts";
export {
  createIdentitySeed,
  deriveMember,
  type MemberScope,
  type MemberSecret,
} from "./member-keys.ts";
export { Opener, sealTo } from "./opener.ts";
export { type ProfileStatement, signProfile } from "./profile.ts";
export { type ReceiptFields, signReceipt } from "./receipt.ts";
export { type ChainView, type Received, type Receiver, receiveEnvelope } from "./receive.ts";
export { Signer, signStatement } from "./signature.ts";
export * from "./verify.ts";
export { openWelcome, sealWelcome, type WelcomeSeal } from "./welcome.ts";
