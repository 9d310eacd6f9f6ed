import { z } from "zod";
import { At, Signature, SignKey } from "../bytes.ts";
import { MemberId, MeshId } from "../ids.ts";

/** What a member shows of itself. Names are not unique; clients resolve them. */
export const ProfileFields = z.strictObject({
  displayName: z
    .string()
    .min(1)
    .max(64)
    .regex(/^\S(?:.*\S)?$/su, "a name has no white space at its ends")
    .describe("display name"),
  roleTag: z.string().max(32).optional().describe("free-form role, such as `reviewer`"),
  groups: z
    .array(z.string().regex(/^[a-z0-9-]{1,50}(\/[a-z0-9-]{1,50}){0,7}$/))
    .max(64)
    .optional()
    .describe("group paths"),
  messageMode: z
    .enum(["push", "inbox", "off"])
    .optional()
    .describe("how messages reach this member"),
  avatar: z.string().max(512).optional().describe("avatar URL"),
  title: z.string().max(64).optional().describe("title"),
  bio: z.string().max(512).optional().describe("bio"),
  capabilities: z
    .array(z.string().max(64))
    .max(64)
    .optional()
    .describe("what this member can help with"),
});
export type ProfileFields = z.infer<typeof ProfileFields>;

/** A member's signed profile: the highest version wins, on a tie the smaller hash. `author` is the key that signed. */
export const Profile = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    member: MemberId,
    version: z.int().min(1),
    fields: ProfileFields,
    author: SignKey,
    at: At,
    sig: Signature,
  })
  .meta({ id: "Profile" });
export type Profile = z.infer<typeof Profile>;
