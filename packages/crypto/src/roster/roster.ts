import {
  type EntryOf,
  type Hash,
  type InviteId,
  type MemberId,
  MeshError,
  type MeshId,
  type Policy,
  type RosterEntry,
  type RosterHead,
  type SealKey,
  type SessionId,
  type SignKey,
  type TopicId,
} from "@claudemesh/protocol";
import { checkEntry, checkGenesis } from "./check.ts";
import { entryHash } from "./entry.ts";
import type { KeyPlace, RosterEpoch } from "./key-epochs.ts";
import type { TrustEnd } from "./key-history.ts";
import { inviteExpired, inviteUsable, type Member, type RosterInvite } from "./member.ts";
import { type EffectivePermissions, permissionsOf } from "./permissions.ts";
import type { RosterFacts } from "./refusal.ts";
import { RosterState } from "./state.ts";
import type { RosterTopic } from "./topic.ts";

/** A verified chain and what it says: who is in the mesh, by which keys, under what policy. Grows by checked entries only. */
export class Roster implements RosterFacts {
  readonly #state: RosterState;

  private constructor(genesis: EntryOf<"genesis">, hash: Hash) {
    this.#state = new RosterState(genesis, hash);
  }

  /** Begins a chain. Throws `malformed` or `bad_signature`, and `malformed` when its mesh is not the `expected` one. */
  static fromGenesis(entry: RosterEntry, expected?: MeshId): Roster {
    const hash = checkGenesis(entry);
    if (expected !== undefined && expected !== `mesh_${hash}`) {
      throw new MeshError("malformed", "mesh: the genesis is of another mesh");
    }
    return new Roster(entry as EntryOf<"genesis">, hash);
  }

  /**
   * Takes up a stored chain that was verified before, up to `checkpoint`: so far its hashes are checked, which bind every word that was signed, and not the signatures again; what comes after is verified.
   * Throws `roster_fork` when it is not the chain of the checkpoint, and what `append` throws.
   */
  static resume(
    entries: readonly RosterEntry[],
    checkpoint: RosterHead,
    expected?: MeshId,
  ): Roster {
    const [genesis, ...rest] = entries;
    if (genesis === undefined) throw new MeshError("malformed", "there is no genesis");
    const roster = Roster.fromGenesis(genesis, expected);
    const news = rest.findIndex(({ seq }) => seq > checkpoint.seq);
    for (const entry of news < 0 ? rest : rest.slice(0, news)) {
      const { head } = roster;
      if (entry.seq !== head.seq + 1 || entry.prev !== head.hash) break;
      roster.#state.record(entry, entryHash(entry));
    }
    if (roster.head.seq !== checkpoint.seq || roster.head.hash !== checkpoint.hash) {
      throw new MeshError("roster_fork", "the stored roster is not the one that was verified");
    }
    if (news >= 0) roster.append(rest.slice(news));
    return roster;
  }

  get mesh(): MeshId {
    return this.#state.mesh;
  }

  get head(): RosterHead {
    return this.#state.head;
  }

  /** `at` of the newest entry: the earliest that the next one may carry. */
  get headAt(): number {
    return this.#state.headAt;
  }

  get genesisHash(): Hash {
    return this.#state.hashes[0] as Hash;
  }

  get policy(): Policy {
    return this.#state.policy;
  }

  /** Everyone who ever was in the mesh; `removedSeq` tells those who are not any more. */
  get members(): ReadonlyMap<MemberId, Member> {
    return this.#state.members;
  }

  get memberCount(): number {
    return this.#state.memberCount;
  }

  get ownerCount(): number {
    return this.#state.ownerCount;
  }

  get invites(): ReadonlyMap<InviteId, RosterInvite> {
    return this.#state.invites;
  }

  /** By member: nobody can revoke another's session. */
  get revokedSessions(): ReadonlyMap<MemberId, ReadonlySet<SessionId>> {
    return this.#state.revokedSessions;
  }

  /** The private topics, by id. */
  get topics(): ReadonlyMap<TopicId, RosterTopic> {
    return this.#state.topics;
  }

  /** The mesh keys in order, the newest last. */
  get epochs(): readonly RosterEpoch[] {
    return this.#state.epochs.all;
  }

  /** Whether one who left by itself has the newest mesh key: until the next `epoch` a former member may still read. */
  get isEpochDue(): boolean {
    return this.#state.leftSeq !== undefined;
  }

  /** The last entry that makes older heads stale for senders: `remove` of another, `rekey`, `epoch`; 0 while there is none. */
  get lastBarrier(): number {
    return this.#state.barriers.at(-1) ?? 0;
  }

  /** The last such entry when `seq` was the head; for what is sent to a private topic, also its last `topic_remove` or `topic_key`. */
  barrierAt(seq: number, topic?: TopicId): number {
    const barrier = this.#state.barriers.findLast((place) => place <= seq) ?? 0;
    if (topic === undefined) return barrier;
    return Math.max(barrier, this.#state.privateTopics.barrierAt(topic, seq));
  }

  /** The newest epoch when `seq` was the head. */
  epochAt(seq: number): RosterEpoch {
    return this.#state.epochs.at(seq);
  }

  /** Which mesh epoch or topic key version the chain has the commitment for. */
  keyPlace(commitment: Hash): KeyPlace | undefined {
    return this.#state.epochs.placeOf(commitment);
  }

  /**
   * Checks an entry offered as the next one, and returns its hash; changes nothing. Throws `roster_conflict` when it is not
   * next, `roster_fork` when it stands on another history, `bad_signature`, `not_member`, `not_found`, `forbidden`,
   * `malformed`, `exists`, and for joins and invites `not_found`, `revoked`, `exhausted`, `already_member`, `exists`.
   */
  check(entry: RosterEntry): Hash {
    return checkEntry(this.#state, entry, "offered");
  }

  /** Checks an entry as `check` does and takes it in; returns its hash. */
  apply(entry: RosterEntry): Hash {
    const hash = this.check(entry);
    this.#state.record(entry, hash);
    return hash;
  }

  /**
   * Takes in a published stretch of the chain and returns how many entries were new; known ones are passed over. Stops at the
   * first bad one, with all before it applied, and throws what `check` throws, with `detail.seq`; another entry in a known
   * place is `roster_fork` here.
   */
  append(entries: Iterable<RosterEntry>): number {
    let added = 0;
    for (const entry of entries) {
      try {
        const known = this.hashAt(entry.seq);
        if (known !== undefined && known === entryHash(entry)) continue;
        const hash = checkEntry(this.#state, entry, "published");
        this.#state.record(entry, hash);
        added += 1;
      } catch (error) {
        throw atSeq(error, entry.seq);
      }
    }
    return added;
  }

  /** The hash of entry `seq`; undefined beyond the head. */
  hashAt(seq: number): Hash | undefined {
    return this.#state.hashes[seq];
  }

  /** Who has or had this signing key, removed members included. */
  memberByKey(key: SignKey): Member | undefined {
    return this.#state.memberByKey(key);
  }

  /** The signing key that was the member's when `seq` was the head; undefined when it was no member then, or beyond the head. */
  signKeyAt(id: MemberId, seq: number): SignKey | undefined {
    return seq > this.head.seq ? undefined : this.#state.keys.signKeyAt(id, seq);
  }

  /**
   * The first entry after `after`, up to `seen`, that removed the member by another's word or replaced its keys. What it says to have sent
   * before that entry cannot be dated by one who first sees it after.
   */
  trustEnd(id: MemberId, after: number, seen: number): TrustEnd | undefined {
    return this.#state.keys.trustEnd(id, after, seen);
  }

  /** The key to seal to; undefined for all but current members. */
  sealKey(id: MemberId): SealKey | undefined {
    return this.isMember(id) ? this.#state.members.get(id)?.keys.seal : undefined;
  }

  /** Whether the member is in the mesh at the head. */
  isMember(id: MemberId): boolean {
    const member = this.#state.members.get(id);
    return member !== undefined && member.removedSeq === undefined;
  }

  isSessionRevoked(member: MemberId, session: SessionId): boolean {
    return this.#state.revokedSessions.get(member)?.has(session) ?? false;
  }

  /** Invites by which one could still join at `now` (ms). */
  openInvites(now: number): RosterInvite[] {
    const invites = [...this.#state.invites.values()];
    return invites.filter((invite) => inviteUsable(invite) && !inviteExpired(invite, now));
  }

  /** The eleven permissions as they hold for a current member; throws `not_member` for anyone else. */
  effectivePermissions(id: MemberId): EffectivePermissions {
    const member = this.#state.members.get(id);
    if (member === undefined || member.removedSeq !== undefined) {
      throw new MeshError("not_member", `${id} is not a member of the mesh`);
    }
    return permissionsOf(member, this.#state.policy);
  }
}

function atSeq(error: unknown, seq: number): unknown {
  if (!(error instanceof MeshError)) return error;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  const detail = { ...error.detail, seq };
  return new MeshError(error.code, error.message, { ...hint, detail, cause: error });
}
