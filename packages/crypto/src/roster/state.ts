import {
  defaultPolicy,
  type EntryOf,
  type Epoch,
  type Hash,
  type MemberId,
  type MeshId,
  type Policy,
  type RosterEntry,
  type RosterHead,
  type SessionId,
  type SignKey,
} from "@claudemesh/protocol";
import { InviteBook } from "./invite-book.ts";
import { KeyEpochs } from "./key-epochs.ts";
import { KeyHistory } from "./key-history.ts";
import type { Member } from "./member.ts";
import { hasPermission, isAbove, mayInviteAs } from "./permissions.ts";
import type { RosterFacts } from "./refusal.ts";
import { Topics } from "./topics.ts";

/** What the entries up to the head add up to. `record` trusts its caller: every entry was checked before. */
export class RosterState implements RosterFacts {
  readonly mesh: MeshId;
  readonly hashes: Hash[];
  readonly members = new Map<MemberId, Member>();
  readonly keys = new KeyHistory();
  readonly epochs: KeyEpochs;
  readonly privateTopics = new Topics();
  readonly revokedSessions = new Map<MemberId, Set<SessionId>>();
  /** the entries that make older heads stale, in order */
  readonly barriers: number[] = [];
  readonly #invites = new InviteBook();
  policy: Policy;
  headAt: number;
  memberCount = 0;
  ownerCount = 0;
  /** the first to leave by itself since the newest epoch */
  leftSeq: number | undefined;

  constructor(genesis: EntryOf<"genesis">, hash: Hash) {
    this.mesh = `mesh_${hash}` as MeshId;
    this.hashes = [hash];
    this.headAt = genesis.at;
    this.policy = structuredClone({ ...defaultPolicy, name: genesis.body.name });
    this.epochs = new KeyEpochs(genesis.body.commitment);
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

  get invites() {
    return this.#invites.all;
  }

  get topics() {
    return this.privateTopics.all;
  }

  memberByKey(key: SignKey): Member | undefined {
    const id = this.keys.ownerOf(key);
    return id === undefined ? undefined : this.members.get(id);
  }

  /** Takes in one checked entry with its hash. */
  record(entry: RosterEntry, hash: Hash): void {
    const author = this.memberByKey(entry.author);
    if (entry.type === "join") this.#join(entry, hash);
    else if (author !== undefined && entry.type !== "genesis") this.#act(entry, author);
    this.hashes.push(hash);
    this.headAt = entry.at;
  }

  #act(entry: Exclude<RosterEntry, EntryOf<"genesis" | "join">>, author: Member): void {
    switch (entry.type) {
      case "epoch":
        this.#startEpoch(entry.body, entry.seq);
        break;
      case "invite":
        this.#invites.add(entry, author);
        break;
      case "invite_revoke":
        this.#invites.update(entry.body.invite, { revoked: true });
        break;
      case "policy":
        this.#changePolicy(entry);
        break;
      case "rekey":
        this.#rekey(entry);
        break;
      case "remove":
        this.#remove(entry, author);
        break;
      case "restore":
        this.#restore(entry);
        break;
      case "role":
        this.#changeRole(entry);
        break;
      case "session_revoke":
        this.#revokeSession(author.id, entry.body.session);
        break;
      case "topic_add":
        this.privateTopics.add(entry);
        break;
      case "topic_key": {
        const { commitment, topic, version } = entry.body;
        this.epochs.commitTopicKey(commitment, { topic, version });
        this.privateTopics.addKey(entry);
        break;
      }
      case "topic_remove":
        this.privateTopics.remove(entry);
        break;
    }
  }

  #enter(member: Member): void {
    this.members.set(member.id, member);
    this.keys.set(member.id, member.joinedSeq, member.keys);
    this.memberCount += 1;
    if (member.role === "owner") this.ownerCount += 1;
  }

  #join(entry: EntryOf<"join">, hash: Hash): void {
    const invite = this.invites.get(entry.body.invite);
    if (invite === undefined) return;
    this.#invites.update(invite.id, { used: invite.used + 1 });
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

  #startEpoch({ number, commitment }: Epoch, seq: number): void {
    this.epochs.add({ number, commitment, seq });
    this.barriers.push(seq);
    this.leftSeq = undefined;
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
      this.#invites.voidOf(after, (invite) => !mayInviteAs(after, invite.role, this.policy));
    }
  }

  #remove({ body, seq }: EntryOf<"remove">, author: Member): void {
    const member = this.members.get(body.member);
    if (member === undefined) return;
    this.members.set(member.id, { ...member, removedSeq: seq, removedBy: author.id });
    this.keys.end(member.id, seq);
    this.memberCount -= 1;
    if (member.role === "owner") this.ownerCount -= 1;
    this.#invites.voidOf(member);
    this.privateTopics.leaveAll(member.id, seq);
    if (body.epoch === undefined) {
      this.leftSeq ??= seq;
      return;
    }
    this.keys.distrust(member.id, { seq, why: "removed" });
    this.#startEpoch(body.epoch, seq);
  }

  #restore({ body, seq }: EntryOf<"restore">): void {
    const removed = this.members.get(body.member);
    if (removed === undefined) return;
    const { removedSeq: _seq, removedBy: _by, ...member } = removed;
    this.members.set(member.id, { ...member, role: "member", permissions: {} });
    this.keys.set(member.id, seq, member.keys);
    this.memberCount += 1;
  }

  #rekey({ body, seq }: EntryOf<"rekey">): void {
    const member = this.members.get(body.member);
    if (member === undefined) return;
    this.members.set(member.id, { ...member, keys: { ...body.keys }, rekeyedSeq: seq });
    this.keys.set(member.id, seq, { ...body.keys });
    this.keys.distrust(member.id, { seq, why: "rekeyed" });
    this.#invites.voidOf(member);
    this.#startEpoch(body.epoch, seq);
  }

  #revokeSession(member: MemberId, session: SessionId): void {
    const revoked = this.revokedSessions.get(member);
    if (revoked === undefined) this.revokedSessions.set(member, new Set([session]));
    else revoked.add(session);
  }
}
