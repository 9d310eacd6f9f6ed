import { z } from "zod";
import { At, bytes, Signature, SignKey } from "../bytes.ts";
import { DeviceId, MemberId, MeshId, SessionId } from "../ids.ts";
import { MemberKeys } from "./roster.ts";

/** `host:port` of a URL as it was dialled, lower case. */
export const HostName = z.string().min(1).max(260).describe("host:port");

/** Proves who opens a connection: bound to this broker's host and this connection's challenge, so that it cannot be relayed or replayed. */
export const Hello = z.strictObject({
  v: z.literal(1),
  mesh: MeshId,
  member: MemberId,
  key: SignKey,
  device: DeviceId,
  protocol: z.int().min(1),
  host: HostName,
  challenge: bytes(32, "challenge"),
  at: At,
  sig: Signature,
});
export type Hello = z.infer<typeof Hello>;

/** A member's word that a session and its ephemeral keys are its own, until `notAfter` (24 hours at most). */
export const Attestation = z.strictObject({
  v: z.literal(1),
  mesh: MeshId,
  member: MemberId,
  device: DeviceId,
  session: SessionId,
  keys: MemberKeys,
  at: At,
  notAfter: At,
  sig: Signature,
});
export type Attestation = z.infer<typeof Attestation>;

/** A session key's proof of possession over a connection's challenge. */
export const AttachProof = z.strictObject({
  v: z.literal(1),
  mesh: MeshId,
  session: SessionId,
  host: HostName,
  challenge: bytes(32, "challenge"),
  sig: Signature,
});
export type AttachProof = z.infer<typeof AttachProof>;
