import {
  type MemberRole,
  type PermissionName,
  type Policy,
  type PolicyChange,
  permissionNames,
  type RosterType,
  type TopicRole,
} from "@claudemesh/protocol";
import type { Member } from "./member.ts";

/** 0 is the most trusted. */
export const roleRank = { owner: 0, admin: 1, member: 2, guest: 3 } as const satisfies Record<
  MemberRole,
  number
>;

/** Whether `a` stands above `b`. */
export const isAbove = (a: MemberRole, b: MemberRole): boolean => roleRank[a] < roleRank[b];

interface PermissionRow {
  /** roles that have it without an override */
  readonly byDefault: readonly MemberRole[];
  /** the least trusted role to which an override can give it */
  readonly lowest: MemberRole;
}

const admins = ["owner", "admin"] as const;
const insiders = ["owner", "admin", "member"] as const;

/** Defaults of the eleven permissions. An owner always has them all; `invite` also goes to members where policy says so. */
export const permissionTable: Readonly<Record<PermissionName, PermissionRow>> = {
  invite: { byDefault: admins, lowest: "member" },
  kick: { byDefault: admins, lowest: "admin" },
  ban: { byDefault: admins, lowest: "admin" },
  topics: { byDefault: insiders, lowest: "guest" },
  services: { byDefault: admins, lowest: "guest" },
  deploy: { byDefault: insiders, lowest: "guest" },
  sqlWrite: { byDefault: insiders, lowest: "guest" },
  graphWrite: { byDefault: insiders, lowest: "guest" },
  vault: { byDefault: insiders, lowest: "guest" },
  webhooks: { byDefault: admins, lowest: "guest" },
  settings: { byDefault: admins, lowest: "admin" },
};

export type EffectivePermissions = Readonly<Record<PermissionName, boolean>>;

/** Whether a role with these overrides has the permission under the policy in force. */
export function hasPermission(
  member: Pick<Member, "role" | "permissions">,
  name: PermissionName,
  policy: Pick<Policy, "whoMayInvite">,
): boolean {
  if (member.role === "owner") return true;
  const { byDefault, lowest } = permissionTable[name];
  if (isAbove(lowest, member.role)) return false;
  const override = member.permissions[name];
  if (override !== undefined) return override;
  if (name === "invite" && member.role === "member") return policy.whoMayInvite === "members";
  return byDefault.includes(member.role);
}

/** All eleven permissions as they hold for a role with these overrides. */
export const permissionsOf = (
  member: Pick<Member, "role" | "permissions">,
  policy: Pick<Policy, "whoMayInvite">,
): EffectivePermissions =>
  Object.fromEntries(
    permissionNames.map((name) => [name, hasPermission(member, name, policy)]),
  ) as EffectivePermissions;

/** Whether someone with this role and these overrides may let others in at role `invited`. */
export const mayInviteAs = (
  member: Pick<Member, "role" | "permissions">,
  invited: MemberRole,
  policy: Pick<Policy, "whoMayInvite">,
): boolean => hasPermission(member, "invite", policy) && !isAbove(invited, member.role);

/** Entry types whose author must be a member; `genesis` and `join` bring their author in. */
export type ActType = Exclude<RosterType, "genesis" | "join">;

interface AuthorRule {
  readonly roles: readonly MemberRole[];
  /** needed besides the role */
  readonly permission?: PermissionName;
  /** anyone may do it to what is their own: their membership, their invite, their keys, their place in a topic */
  readonly own?: true;
  /** `below`: owners act on all, others on lower roles only; `not_above`: on invites for roles up to their own */
  readonly subject?: "below" | "not_above" | "removed_by_another";
  /** policy fields that only an owner changes */
  readonly ownerFields?: readonly (keyof PolicyChange)[];
  /** roles in the topic that suffice by themselves */
  readonly topicRoles?: readonly TopicRole[];
  /** roles in the topic that suffice while someone who has its newest key is in it no more */
  readonly topicRolesWhenDue?: readonly TopicRole[];
  /** what lets one found a topic, by adding oneself to it as its lead */
  readonly founder?: PermissionName;
}

const everyone = ["owner", "admin", "member", "guest"] as const;

/** Who may append what. */
export const authorRules: Readonly<Record<ActType, AuthorRule>> = {
  epoch: { roles: admins },
  invite: { roles: insiders, permission: "invite", subject: "not_above" },
  invite_revoke: { roles: admins, permission: "invite", subject: "not_above", own: true },
  policy: { roles: admins, permission: "settings", ownerFields: ["name"] },
  rekey: { roles: ["owner"], own: true },
  remove: { roles: admins, permission: "ban", subject: "below", own: true },
  restore: { roles: ["owner"], subject: "removed_by_another" },
  role: { roles: admins, subject: "below" },
  session_revoke: { roles: everyone },
  topic_add: { roles: admins, permission: "topics", topicRoles: ["lead"], founder: "topics" },
  topic_key: { roles: [], topicRoles: ["lead"], topicRolesWhenDue: ["member"] },
  topic_remove: { roles: admins, permission: "topics", own: true, topicRoles: ["lead"] },
};
