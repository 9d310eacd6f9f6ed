import { z } from "zod";

/** From most to least trusted: each may act on those after it. */
export const MemberRole = z.enum(["owner", "admin", "member", "guest"]).describe("member role");
export type MemberRole = z.infer<typeof MemberRole>;

/** The finer permissions, in the order that help and docs list them. They default by role (`packages/crypto`, permission table). */
export const permissionNames = [
  "invite",
  "kick",
  "ban",
  "topics",
  "services",
  "deploy",
  "sqlWrite",
  "graphWrite",
  "vault",
  "webhooks",
  "settings",
] as const;
export type PermissionName = (typeof permissionNames)[number];

/** Overrides of the role's defaults. */
export const Permissions = z.strictObject(
  Object.fromEntries(permissionNames.map((name) => [name, z.boolean().optional()])) as Record<
    PermissionName,
    z.ZodOptional<z.ZodBoolean>
  >,
);
export type Permissions = z.infer<typeof Permissions>;
