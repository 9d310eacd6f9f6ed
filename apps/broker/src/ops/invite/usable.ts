import { inviteExpired, type RosterInvite } from "@claudemesh/crypto/verify";
import { type ErrorCode, MeshError } from "@claudemesh/protocol";

/** Why nobody can join by an invite at `now` (ms); undefined while one can. */
export function inviteEnd(
  invite: RosterInvite,
  now: number,
): Extract<ErrorCode, "exhausted" | "expired" | "revoked"> | undefined {
  if (invite.revoked || invite.void) return "revoked";
  if (invite.used >= invite.uses) return "exhausted";
  return inviteExpired(invite, now) ? "expired" : undefined;
}

const sentences = {
  exhausted: "the invite has no uses left",
  expired: "the invite's time is over",
  revoked: "the invite was revoked",
} as const;

/** Throws `revoked`, `exhausted` or `expired` unless one can join by the invite. */
export function requireUsable(invite: RosterInvite, now: number): void {
  const end = inviteEnd(invite, now);
  if (end === undefined) return;
  throw new MeshError(end, sentences[end], { hint: "ask the inviter for a new link" });
}
