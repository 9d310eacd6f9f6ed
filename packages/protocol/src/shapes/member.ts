import { z } from "zod";
import { At } from "../bytes.ts";
import { MemberId } from "../ids.ts";
import { Profile, ProfileFields } from "../statements/profile.ts";
import { MemberRole } from "./role.ts";

/** What the broker knows of a member besides the signed chain. */
export const MemberPresence = z.object({
  member: MemberId,
  profile: Profile.optional(),
  online: z.boolean(),
  connections: z.int(),
  lastSeenAt: At.optional(),
});
export type MemberPresence = z.infer<typeof MemberPresence>;

/** What this home's person has made of a member's keys: compared and unchanged, compared but replaced since, or never compared. `look_alike`: a name that reads like a verified member's. */
export const Trust = z.enum(["unverified", "verified", "changed", "look_alike"]);
export type Trust = z.infer<typeof Trust>;

/** A member as this device has verified it. */
export const MemberInfo = z.object({
  id: MemberId,
  name: z.string().describe("display name, with a key suffix where it looks like an earlier one"),
  key: z.string().describe("first 16 hex digits of the signing key"),
  role: MemberRole,
  trust: Trust.describe("whether its safety number was compared here"),
  self: z.boolean(),
  joinedAt: At,
  lastSeenAt: At.optional(),
  online: z.boolean(),
  connections: z.int(),
  profile: ProfileFields.partial(),
});
export type MemberInfo = z.infer<typeof MemberInfo>;

export const PeerType = z.enum(["ai", "human", "connector", "bridge", "external"]);
export type PeerType = z.infer<typeof PeerType>;
