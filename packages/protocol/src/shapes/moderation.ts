import { z } from "zod";
import { At } from "../bytes.ts";
import { MemberId } from "../ids.ts";
import { MemberRole, type PermissionName, Permissions, permissionNames } from "./role.ts";

/** A member as a verb names it: by name, id, or key prefix. */
export const NamedMember = z.object({ member: MemberId, name: z.string() });
export type NamedMember = z.infer<typeof NamedMember>;

/** One who was removed by another and may come back only by an owner's word. */
export const BannedMember = NamedMember.extend({
  role: MemberRole.describe("role before the removal"),
  at: At.describe("when it was removed, by its remover's clock"),
  by: z.string().describe("name of who removed it"),
});
export type BannedMember = z.infer<typeof BannedMember>;

const eleven = <T extends z.ZodType>(make: (name: PermissionName) => T) =>
  Object.fromEntries(permissionNames.map((name) => [name, make(name)])) as Record<
    PermissionName,
    T
  >;

/** The eleven permissions as they hold for a member, and which of them are set apart from its role's. */
export const MemberPermissions = NamedMember.extend({
  role: MemberRole,
  permissions: z.object(eleven(() => z.boolean())),
  overrides: Permissions.describe("what is set apart from the role's own"),
});
export type MemberPermissions = z.infer<typeof MemberPermissions>;

const meanings: Readonly<Record<PermissionName, string>> = {
  invite: "may make invites",
  kick: "may end others' connections",
  ban: "may remove others",
  topics: "may make topics and say who is in them",
  services: "may run services",
  deploy: "may deploy",
  sqlWrite: "may write with SQL",
  graphWrite: "may write to the graph",
  vault: "may use the vault",
  webhooks: "may make webhooks",
  settings: "may change the mesh's policy",
};

/** The eleven flags as a verb takes them. */
export const permissionFlags = eleven((name) => z.boolean().optional().describe(meanings[name]));
