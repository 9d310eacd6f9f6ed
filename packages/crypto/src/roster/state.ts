import {
  defaultPolicy,
  type EntryOf,
  type Hash,
  type InviteId,
  type MemberId,
  type MeshId,
  type Policy,
  type RosterEntry,
  type RosterHead,
  type SealKey,
  type SessionId,
  type SignKey,
} from "@claudemesh/protocol";
import { upgradeRequired } from "./entry.ts";
import type { RosterFacts } from "./may-append.ts";
import { inviteUsable, type Member, type RosterInvite } from "./member.ts";
import { hasPermission, isAbove, mayInviteAs } from "./permissions.ts";

/** What the entries up to the head add up to. `record` trusts its caller: every entry was checked before. */
export class RosterState implements RosterFacts {
  readonly mesh: MeshId;
  readonly hashes: Hash[];
  readonly members = new Map<MemberId, Member>();
  readonly invites = new Map<InviteId, RosterInvite>();
  readonly revokedSessions = new Map<MemberId, Set<SessionId>>();
  readonly sealKeys = new Set<SealKey>();
  readonly #byKey = new Map<SignKey, MemberId>();
  readonly #invitesMadeBy = new Map<MemberId, InviteId[]>();
  policy: Policy;
  headAt: number;
  /** none of the entry types applied here is a barrier, so it stands at genesis */
  readonly lastBarrier = 0;
  memberCount = 0;
  ownerCount = 0;

  constructor(genesis: EntryOf<"genesis">, hash: Hash) {
    this.mesh = `mesh_${hash}` as MeshId;
    this.hashes = [hash];
    this.headAt = genesis.at;
    this.policy = structuredClone({ ...defaultPolicy, name: genesis.body.name });
    this.#enter({
      id: `mbr_${hash}` as MemberId,
      keys: { ...genesis.body.keys },
      role: "owner",
      permissions: {},
      joinedSeq: 0,
      joinedAt: genesis.at,
    });
  }

  get head(): RosterHead {
    const seq = this.hashes.length - 1;
    return { seq, hash: this.hashes[seq] as Hash };
  }

  memberByKey(key: SignKey): Member | undefined {
    const id = this.#byKey.get(key);
    return id === undefined ? undefined : this.members.get(id);
  }

  /** Takes in one checked entry with its hash. */
  record(entry: RosterEntry, hash: Hash): void {
    const author = this.memberByKey(entry.author);
    if (entry.type === "join") this.#join(entry, hash);
    else if (author !== undefined) this.#act(entry, author);
    this.hashes.push(hash);
    this.headAt = entry.at;
  }

  #act(entry: Exclude<RosterEntry, EntryOf<"join">>, author: Member): void {
    switch (entry.type) {
      case "invite":
        this.#invite(entry, author);
        break;
      case "invite_revoke":
        this.#updateInvite(entry.body.invite, { revoked: true });
        break;
      case "policy":
        this.#changePolicy(entry);
        break;
      case "remove":
        this.#leave(author, entry.seq);
        break;
      case "role":
        this.#changeRole(entry);
        break;
      case "session_revoke":
        this.#revokeSession(author.id, entry.body.session);
        break;
      default:
        throw upgradeRequired(`roster entries of type ${entry.type} cannot be applied here`);
    }
  }

  #enter(member: Member): void {
    this.members.set(member.id, member);
    this.#byKey.set(member.keys.sign, member.id);
    this.sealKeys.add(member.keys.seal);
    this.memberCount += 1;
    if (member.role === "owner") this.ownerCount += 1;
  }

  #join(entry: EntryOf<"join">, hash: Hash): void {
    const invite = this.invites.get(entry.body.invite);
    if (invite === undefined) return;
    this.#updateInvite(invite.id, { used: invite.used + 1 });
    this.#enter({
      id: `mbr_${hash}` as MemberId,
      keys: { ...entry.body.keys },
      role: invite.role,
      permissions: {},
      joinedSeq: entry.seq,
      joinedAt: entry.at,
      invitedBy: invite.author,
      invite: invite.id,
    });
  }

  #invite({ body, seq }: EntryOf<"invite">, author: Member): void {
    const { expiresAt, invite: id, key, role, uses } = body;
    const state = { used: 0, revoked: false, void: false };
    this.invites.set(id, { id, key, role, uses, expiresAt, author: author.id, seq, ...state });
    const made = this.#invitesMadeBy.get(author.id);
    if (made === undefined) this.#invitesMadeBy.set(author.id, [id]);
    else made.push(id);
  }

  #updateInvite(id: InviteId, change: Partial<RosterInvite>): void {
    const invite = this.invites.get(id);
    if (invite !== undefined) this.invites.set(id, { ...invite, ...change });
  }

  #changePolicy(entry: EntryOf<"policy">): void {
    const named = Object.entries(structuredClone(entry.body)).filter(
      ([, value]) => value !== undefined,
    );
    this.policy = { ...this.policy, ...Object.fromEntries(named) };
  }

  #changeRole({ body }: EntryOf<"role">): void {
    const before = this.members.get(body.member);
    if (before === undefined) return;
    const after: Member = { ...before, role: body.role, permissions: { ...body.permissions } };
    this.members.set(after.id, after);
    this.ownerCount += Number(after.role === "owner") - Number(before.role === "owner");
    const lowered = isAbove(before.role, after.role);
    const invited = hasPermission(before, "invite", this.policy);
    if (lowered || (invited && !hasPermission(after, "invite", this.policy))) {
      this.#voidInvites(after, (invite) => !mayInviteAs(after, invite.role, this.policy));
    }
  }

  #leave(member: Member, seq: number): void {
    this.members.set(member.id, { ...member, removedSeq: seq });
    this.memberCount -= 1;
    if (member.role === "owner") this.ownerCount -= 1;
    this.#voidInvites(member, () => true);
  }

  #voidInvites(member: Member, ends: (invite: RosterInvite) => boolean): void {
    const known = [...(this.#invitesMadeBy.get(member.id) ?? [])];
    if (member.invite !== undefined) known.push(member.invite);
    for (const id of known) {
      const invite = this.invites.get(id);
      if (invite !== undefined && inviteUsable(invite) && ends(invite)) {
        this.#updateInvite(id, { void: true });
      }
    }
  }

  #revokeSession(member: MemberId, session: SessionId): void {
    const revoked = this.revokedSessions.get(member);
    if (revoked === undefined) this.revokedSessions.set(member, new Set([session]));
    else revoked.add(session);
  }
}
