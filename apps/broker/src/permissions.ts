import { hasPermission, isAbove, type Roster } from "@claudemesh/crypto/verify";
import { type MemberId, MeshError, type PermissionName } from "@claudemesh/protocol";

/**
 * Who may do what is decided here: by the permission that an operation declares as its need, and for acts on another member by role. What a signed entry
 * says is judged where the entry is appended, by the roster's own table (`authorRules`), which every client repeats.
 */
export function requirePermission(roster: Roster, actor: MemberId, name: PermissionName): void {
  const member = roster.members.get(actor);
  if (member !== undefined && hasPermission(member, name, roster.policy)) return;
  throw new MeshError(
    "forbidden",
    `the role ${member?.role ?? "guest"} does not have the permission ${name}`,
    {
      detail: { reason: "author_permission", permission: name },
      hint: "ask an admin: claudemesh member permissions set",
    },
  );
}

/** Throws unless `subject` is a member on whom the actor may act: an owner on everyone, others on lower roles only. */
export function requireBelow(roster: Roster, actor: MemberId, subject: MemberId): void {
  const by = roster.members.get(actor);
  const on = roster.members.get(subject);
  if (by === undefined || on === undefined || !roster.isMember(subject)) {
    throw new MeshError("not_found", `members: there is no member ${subject} in the mesh`);
  }
  if (by.role === "owner" || isAbove(by.role, on.role)) return;
  throw new MeshError(
    "forbidden",
    `the role ${by.role} may not act on one with the role ${on.role}`,
    {
      detail: { reason: "subject_not_below" },
    },
  );
}
