import type { ErrorCode, InviteId, MemberId, Policy, SignKey, TopicId } from "@claudemesh/protocol";
import type { Member, RosterInvite } from "./member.ts";
import type { RosterTopic } from "./topic.ts";

/** What the table needs to know of a chain. */
export interface RosterFacts {
  readonly policy: Policy;
  readonly members: ReadonlyMap<MemberId, Member>;
  readonly invites: ReadonlyMap<InviteId, RosterInvite>;
  /** the private topics */
  readonly topics: ReadonlyMap<TopicId, RosterTopic>;
  readonly memberCount: number;
  readonly ownerCount: number;
  /** who has or had the key, removed members included */
  memberByKey(key: SignKey): Member | undefined;
}

export type RefusalReason =
  | "author_not_in_topic"
  | "author_not_member"
  | "author_permission"
  | "author_role"
  | "author_topic_role"
  | "invite_role_above"
  | "invite_unknown"
  | "last_owner"
  | "new_role_not_below"
  | "owner_field"
  | "subject_left"
  | "subject_not_below"
  | "subject_not_in_topic"
  | "subject_not_member"
  | "subject_not_removed"
  | "topic_unknown";

/** Why an act is not allowed, with the error code and sentence to answer. */
export interface Refusal {
  readonly code: Extract<ErrorCode, "forbidden" | "not_found" | "not_member">;
  readonly reason: RefusalReason;
  readonly message: string;
}

export const forbidden = (reason: RefusalReason, message: string): Refusal => ({
  code: "forbidden",
  reason,
  message,
});

/** The member behind `key` if it is one now and the key is its newest. */
export function currentByKey(roster: RosterFacts, key: SignKey): Member | undefined {
  const member = roster.memberByKey(key);
  const isCurrent = member?.removedSeq === undefined && member?.keys.sign === key;
  return isCurrent ? member : undefined;
}

/** A current member by its id, or why there is none. */
export function currentMember(roster: RosterFacts, id: MemberId): Member | Refusal {
  const member = roster.members.get(id);
  if (member !== undefined && member.removedSeq === undefined) return member;
  const message = `there is no member ${id} in the mesh`;
  return { code: "not_found", reason: "subject_not_member", message };
}
