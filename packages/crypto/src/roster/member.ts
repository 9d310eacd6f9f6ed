import type {
  InviteId,
  MemberId,
  MemberKeys,
  MemberRole,
  Permissions,
  SignKey,
} from "@claudemesh/protocol";

/** One who is or was in the mesh, as the chain says. Replaced, never changed in place. */
export interface Member {
  readonly id: MemberId;
  readonly keys: MemberKeys;
  readonly role: MemberRole;
  /** overrides of the role's defaults; what holds is `effectivePermissions` */
  readonly permissions: Permissions;
  readonly joinedSeq: number;
  /** milliseconds since the Unix epoch, by the joiner's clock */
  readonly joinedAt: number;
  /** the entry that ended the membership; absent while it lasts */
  readonly removedSeq?: number;
  /** who ended it: another, or the member itself */
  readonly removedBy?: MemberId;
  /** the entry that replaced the member's keys last */
  readonly rekeyedSeq?: number;
  readonly invitedBy?: MemberId;
  readonly invite?: InviteId;
}

/** One invite of the chain. Replaced, never changed in place. */
export interface RosterInvite {
  readonly id: InviteId;
  readonly key: SignKey;
  readonly role: MemberRole;
  readonly uses: number;
  readonly used: number;
  /** milliseconds since the Unix epoch */
  readonly expiresAt: number;
  readonly author: MemberId;
  readonly seq: number;
  readonly revoked: boolean;
  /** ended by the removal or demotion of one who made it or joined by it */
  readonly void: boolean;
}

/** Whether the chain still lets someone join by it; says nothing about its expiry. */
export const inviteUsable = (invite: RosterInvite): boolean =>
  !invite.revoked && !invite.void && invite.used < invite.uses;

/** Whether its time is over at `now` (ms). The broker refuses such joins; the chain itself cannot prove time. */
export const inviteExpired = (invite: RosterInvite, now: number): boolean =>
  now >= invite.expiresAt;
