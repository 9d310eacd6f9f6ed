import type { EntryOf, InviteId, MemberId, MemberRole } from "@claudemesh/protocol";
import { mayAddToTopic, mayChangeTopicKey, mayRemoveFromTopic } from "./may-topic.ts";
import type { Member } from "./member.ts";
import { type ActType, authorRules, hasPermission, isAbove } from "./permissions.ts";
import {
  currentByKey,
  currentMember,
  forbidden,
  type Refusal,
  type RosterFacts,
} from "./refusal.ts";

/** An entry by one who is a member already. */
export type ActEntry = EntryOf<ActType>;

/**
 * Whether the permission table lets the entry's author append it now: `undefined` when it does, else why not.
 * Looks at roles, permissions, policy and subject only; signature and place in the chain are not its matter.
 */
export function mayAppend(roster: RosterFacts, entry: ActEntry): Refusal | undefined {
  const author = currentByKey(roster, entry.author);
  if (author === undefined) {
    const message = `the author of the ${entry.type} entry is not a member of the mesh`;
    return { code: "not_member", reason: "author_not_member", message };
  }
  switch (entry.type) {
    case "epoch":
    case "session_revoke":
      return requireRight(roster, author, entry.type);
    case "invite":
      return requireRight(roster, author, "invite") ?? inviteRole(author, entry.body.role);
    case "invite_revoke":
      return mayRevoke(roster, author, entry.body.invite);
    case "policy":
      return requireRight(roster, author, "policy") ?? ownerFields(author, entry);
    case "rekey":
      return mayRekey(roster, author, entry.body.member);
    case "remove":
      return mayRemove(roster, author, entry.body.member);
    case "restore":
      return requireRight(roster, author, "restore") ?? mayRestore(roster, entry.body.member);
    case "role":
      return mayChangeRole(roster, author, entry);
    case "topic_add":
      return mayAddToTopic(roster, author, entry);
    case "topic_key":
      return mayChangeTopicKey(roster, author, entry);
    case "topic_remove":
      return mayRemoveFromTopic(roster, author, entry);
  }
}

function requireRight(roster: RosterFacts, author: Member, type: ActType): Refusal | undefined {
  const { roles, permission } = authorRules[type];
  if (!roles.includes(author.role)) {
    return forbidden("author_role", `${asRole[author.role]} may not ${deeds[type]}`);
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

function mayRekey(roster: RosterFacts, author: Member, id: MemberId): Refusal | undefined {
  const subject = currentMember(roster, id);
  if ("reason" in subject) return subject;
  return subject.id === author.id ? undefined : requireRight(roster, author, "rekey");
}

/** One who left by itself comes back by an invite, if it wants to. */
function mayRestore(roster: RosterFacts, id: MemberId): Refusal | undefined {
  const subject = roster.members.get(id);
  if (subject === undefined) {
    const message = `${id} was never in the mesh`;
    return { code: "not_found", reason: "subject_not_member", message };
  }
  if (subject.removedSeq === undefined) {
    return forbidden("subject_not_removed", `${id} is in the mesh`);
  }
  if (subject.removedBy !== id) return undefined;
  return forbidden("subject_left", `${id} left by itself, and comes back by an invite only`);
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

const asRole: Readonly<Record<MemberRole, string>> = {
  admin: "an admin",
  guest: "a guest",
  member: "a member",
  owner: "an owner",
};

/** What each entry does, as people say it. */
const deeds: Readonly<Record<ActType, string>> = {
  epoch: "start a new key",
  invite: "invite others",
  invite_revoke: "end an invite",
  policy: "change the policy",
  rekey: "replace the keys of others",
  remove: "remove others",
  restore: "let one back who was removed",
  role: "change roles",
  session_revoke: "end a session",
  topic_add: "bring others into a topic",
  topic_key: "give a topic a new key",
  topic_remove: "take others out of a topic",
};
