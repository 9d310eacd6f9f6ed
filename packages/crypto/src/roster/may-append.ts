import type {
  EntryOf,
  ErrorCode,
  InviteId,
  MemberId,
  MemberRole,
  Policy,
  SignKey,
} from "@claudemesh/protocol";
import type { Member, RosterInvite } from "./member.ts";
import { type ActType, authorRules, hasPermission, isAbove } from "./permissions.ts";

/** What the table needs to know of a chain. */
export interface RosterFacts {
  readonly policy: Policy;
  readonly members: ReadonlyMap<MemberId, Member>;
  readonly invites: ReadonlyMap<InviteId, RosterInvite>;
  readonly memberCount: number;
  readonly ownerCount: number;
  memberByKey(key: SignKey): Member | undefined;
}

export type RefusalReason =
  | "author_not_member"
  | "author_permission"
  | "author_role"
  | "invite_role_above"
  | "invite_unknown"
  | "last_owner"
  | "new_role_not_below"
  | "owner_field"
  | "subject_not_below"
  | "subject_not_member";

/** Why an act is not allowed, with the error code and sentence to answer. */
export interface Refusal {
  readonly code: Extract<ErrorCode, "forbidden" | "not_found" | "not_member">;
  readonly reason: RefusalReason;
  readonly message: string;
}

/** An entry by one who is a member already. */
export type ActEntry = EntryOf<ActType>;

const forbidden = (reason: RefusalReason, message: string): Refusal => ({
  code: "forbidden",
  reason,
  message,
});

/**
 * Whether the permission table lets the entry's author append it now: `undefined` when it does, else why not.
 * Looks at roles, permissions, policy and subject only; signature and place in the chain are not its matter.
 */
export function mayAppend(roster: RosterFacts, entry: ActEntry): Refusal | undefined {
  const author = roster.memberByKey(entry.author);
  if (author === undefined || author.removedSeq !== undefined) {
    const message = `the author of the ${entry.type} entry is not a member of the mesh`;
    return { code: "not_member", reason: "author_not_member", message };
  }
  switch (entry.type) {
    case "invite":
      return requireRight(roster, author, "invite") ?? inviteRole(author, entry.body.role);
    case "invite_revoke":
      return mayRevoke(roster, author, entry.body.invite);
    case "policy":
      return requireRight(roster, author, "policy") ?? ownerFields(author, entry);
    case "remove":
      return mayRemove(roster, author, entry.body.member);
    case "role":
      return mayChangeRole(roster, author, entry);
    case "session_revoke":
      return requireRight(roster, author, "session_revoke");
  }
}

function requireRight(roster: RosterFacts, author: Member, type: ActType): Refusal | undefined {
  const { roles, permission } = authorRules[type];
  if (!roles.includes(author.role)) {
    return forbidden("author_role", `the role ${author.role} may not append ${type} entries`);
  }
  if (permission !== undefined && !hasPermission(author, permission, roster.policy)) {
    return forbidden("author_permission", `the author lacks the permission ${permission}`);
  }
  return undefined;
}

function inviteRole(author: Member, role: MemberRole): Refusal | undefined {
  if (!isAbove(role, author.role)) return undefined;
  const message = `the role ${author.role} may not act on invites for the role ${role}`;
  return forbidden("invite_role_above", message);
}

function mayRevoke(roster: RosterFacts, author: Member, id: InviteId): Refusal | undefined {
  const invite = roster.invites.get(id);
  if (invite === undefined) {
    return { code: "not_found", reason: "invite_unknown", message: `there is no invite ${id}` };
  }
  if (invite.author === author.id) return undefined;
  return requireRight(roster, author, "invite_revoke") ?? inviteRole(author, invite.role);
}

function ownerFields(author: Member, entry: EntryOf<"policy">): Refusal | undefined {
  if (author.role === "owner") return undefined;
  const field = authorRules.policy.ownerFields?.find((name) => entry.body[name] !== undefined);
  if (field === undefined) return undefined;
  return forbidden("owner_field", `only an owner may change the policy field ${field}`);
}

function currentMember(roster: RosterFacts, id: MemberId): Member | Refusal {
  const member = roster.members.get(id);
  if (member !== undefined && member.removedSeq === undefined) return member;
  const message = `there is no member ${id} in the mesh`;
  return { code: "not_found", reason: "subject_not_member", message };
}

function subjectBelow(author: Member, subject: Member): Refusal | undefined {
  if (author.role === "owner" || isAbove(author.role, subject.role)) return undefined;
  const message = `the role ${author.role} may not act on a member with the role ${subject.role}`;
  return forbidden("subject_not_below", message);
}

function mayRemove(roster: RosterFacts, author: Member, id: MemberId): Refusal | undefined {
  const subject = currentMember(roster, id);
  if ("reason" in subject) return subject;
  if (subject.id !== author.id) {
    return requireRight(roster, author, "remove") ?? subjectBelow(author, subject);
  }
  // A mesh with members but no owner could never again change roles or its name.
  const orphans = author.role === "owner" && roster.ownerCount === 1 && roster.memberCount > 1;
  if (!orphans) return undefined;
  return forbidden("last_owner", "the last owner may not leave while others are members");
}

function mayChangeRole(
  roster: RosterFacts,
  author: Member,
  entry: EntryOf<"role">,
): Refusal | undefined {
  const refusal = requireRight(roster, author, "role");
  if (refusal !== undefined) return refusal;
  const subject = currentMember(roster, entry.body.member);
  if ("reason" in subject) return subject;
  const { role } = entry.body;
  if (author.role !== "owner") {
    if (!isAbove(author.role, role)) {
      const message = `the role ${author.role} may not give the role ${role}`;
      return subjectBelow(author, subject) ?? forbidden("new_role_not_below", message);
    }
    return subjectBelow(author, subject);
  }
  if (subject.role === "owner" && role !== "owner" && roster.ownerCount === 1) {
    return forbidden("last_owner", "the last owner may not be given another role");
  }
  return undefined;
}
