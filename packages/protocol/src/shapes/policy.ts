import { z } from "zod";
import { Capabilities } from "../statements/grants.ts";

export const editableFields = ["displayName", "roleTag", "groups", "messageMode"] as const;

const defaultGrants = Capabilities.min(1, "to block is each member's own")
  .describe("what peers may do to each other where neither of them says otherwise")
  .optional();

const hint = z
  .string()
  .max(500)
  .regex(/\S/, "says nothing")
  .describe("what agents that work in the mesh are told when they start")
  .optional();
const stateKeys = z
  .array(z.string().regex(/^[a-z0-9][a-z0-9._/-]{0,99}$/, "a state key is lower case"))
  .max(50)
  .describe("the state keys that the mesh began with")
  .optional();

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
    defaultGrants,
    hint,
    stateKeys,
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
export const Policy = z
  .strictObject({ defaultGrants, hint, stateKeys, ...fields })
  .meta({ id: "Policy" });
export type Policy = z.infer<typeof Policy>;

/** What holds in a mesh until a `policy` entry says otherwise; the name comes from genesis. Without default grants the roles decide. */
export const defaultPolicy: Omit<Policy, "name"> = {
  historyForNewMembers: "all",
  requireE2E: false,
  retentionDays: 365,
  selfEditable: [...editableFields],
  whoMayInvite: "admins",
};
