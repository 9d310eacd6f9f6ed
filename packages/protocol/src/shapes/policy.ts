import { z } from "zod";

export const editableFields = ["displayName", "roleTag", "groups", "messageMode"] as const;

const fields = {
  historyForNewMembers: z.enum(["all", "none"]).describe("what new members may read of the past"),
  name: z.string().min(1).max(100).describe("the mesh's name (owner only)"),
  requireE2E: z.boolean().describe("refuse messages that are not end-to-end encrypted"),
  retentionDays: z.int().min(1).max(3650).describe("how long topic entries are kept, in days"),
  selfEditable: z
    .array(z.enum(editableFields))
    .max(editableFields.length)
    .describe("profile fields that members may edit themselves"),
  whoMayInvite: z.enum(["admins", "members"]).describe("who may create invites"),
} as const;

/** A signed change of the mesh's policy: only the named fields change. */
export const PolicyChange = z
  .strictObject({
    historyForNewMembers: fields.historyForNewMembers.optional(),
    name: fields.name.optional(),
    requireE2E: fields.requireE2E.optional(),
    retentionDays: fields.retentionDays.optional(),
    selfEditable: fields.selfEditable.optional(),
    whoMayInvite: fields.whoMayInvite.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, "a policy entry must change something");
export type PolicyChange = z.infer<typeof PolicyChange>;

/** The policy in force: the defaults with every change in chain order. */
export const Policy = z.strictObject(fields).meta({ id: "Policy" });
export type Policy = z.infer<typeof Policy>;

/** What holds in a mesh until a `policy` entry says otherwise; the name comes from genesis. */
export const defaultPolicy: Omit<Policy, "name"> = {
  historyForNewMembers: "all",
  requireE2E: false,
  retentionDays: 365,
  selfEditable: [...editableFields],
  whoMayInvite: "admins",
};
