import { z } from "zod";
import { bytes, bytesUpTo, Hash, Signature } from "../bytes.ts";
import { InviteId, MeshId } from "../ids.ts";
import { limits } from "../limits.ts";
import { HostName } from "./hello.ts";
import { EpochKey } from "./key-ring.ts";
import { RosterHead } from "./roster.ts";

/** The secret part of an invite: 16 base62 characters, about 95 bits. */
export const InviteCode = z
  .string()
  .regex(/^[0-9A-Za-z]{16}$/, "an invite code is 16 letters and digits")
  .describe("invite code");
export type InviteCode = z.infer<typeof InviteCode>;

/** AEAD ciphertext under the invite's symmetric key: 24-byte nonce, then the sealed `Welcome`. */
export const WelcomeBlob = bytesUpTo(limits.welcomeBytes, "welcome blob").brand<"WelcomeBlob">();
export type WelcomeBlob = z.infer<typeof WelcomeBlob>;

/** What a joiner learns from the inviter without the broker seeing it. */
export const Welcome = z.strictObject({
  v: z.literal(1),
  mesh: MeshId,
  genesis: Hash,
  head: RosterHead,
  ring: z.array(EpochKey).max(limits.welcomeEpochs),
});
export type Welcome = z.infer<typeof Welcome>;

/** AEAD ciphertext under a second key of the invite's code: 24-byte nonce, then the sealed `InviterHead`. */
export const InviterHeadBlob = bytesUpTo(
  limits.inviterHeadBytes,
  "sealed head",
).brand<"InviterHeadBlob">();
export type InviterHeadBlob = z.infer<typeof InviterHeadBlob>;

/** Up to where the inviter has verified the chain: what a joiner reads before it signs its join. */
export const InviterHead = z.strictObject({
  v: z.literal(1),
  mesh: MeshId,
  head: RosterHead,
});
export type InviterHead = z.infer<typeof InviterHead>;

/** Proof that the caller holds the invite, for reading the chain before joining; bound to host and challenge like a hello. */
export const InviteOpen = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    invite: InviteId,
    host: HostName,
    challenge: bytes(32, "challenge"),
    sig: Signature,
  })
  .meta({ id: "InviteOpen" });
export type InviteOpen = z.infer<typeof InviteOpen>;
