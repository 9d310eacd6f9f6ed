import type { Hash, MemberId, TopicId, TopicRole } from "@claudemesh/protocol";

/** One version of a private topic's key, as the chain commits to it. */
export interface TopicKeyVersion {
  readonly version: number;
  readonly commitment: Hash;
  readonly seq: number;
}

interface RoleChange {
  readonly seq: number;
  /** absent from where the member is not in the topic */
  readonly role?: TopicRole;
}

/** A private topic as the chain says: who is in it, and which key versions it had. */
export interface RosterTopic {
  readonly id: TopicId;
  /** the entry that founded it */
  readonly seq: number;
  /** those in it at the head */
  readonly members: ReadonlyMap<MemberId, TopicRole>;
  readonly keys: readonly TopicKeyVersion[];
  /** the newest key version; 0 while there is none */
  readonly version: number;
  /** whether someone who has the newest key is in the topic no more */
  readonly isKeyDue: boolean;
  roleAt(member: MemberId, seq: number): TopicRole | undefined;
  keyAt(seq: number): TopicKeyVersion | undefined;
  isKeyDueAt(seq: number): boolean;
}

/** The state behind a `RosterTopic`; its caller has checked every change. */
export class TopicState implements RosterTopic {
  readonly id: TopicId;
  readonly seq: number;
  readonly members = new Map<MemberId, TopicRole>();
  readonly keys: TopicKeyVersion[] = [];
  readonly #roles = new Map<MemberId, RoleChange[]>();
  readonly #departures: number[] = [];

  constructor(id: TopicId, seq: number) {
    this.id = id;
    this.seq = seq;
  }

  get version(): number {
    return this.keys.at(-1)?.version ?? 0;
  }

  get isKeyDue(): boolean {
    return this.isKeyDueAt(Number.POSITIVE_INFINITY);
  }

  set(member: MemberId, role: TopicRole, seq: number): void {
    this.members.set(member, role);
    this.#note(member, { seq, role });
  }

  leave(member: MemberId, seq: number): void {
    this.members.delete(member);
    this.#note(member, { seq });
    this.#departures.push(seq);
  }

  addKey(key: TopicKeyVersion): void {
    this.keys.push(key);
  }

  roleAt(member: MemberId, seq: number): TopicRole | undefined {
    return this.#roles.get(member)?.findLast((change) => change.seq <= seq)?.role;
  }

  keyAt(seq: number): TopicKeyVersion | undefined {
    return this.keys.findLast((key) => key.seq <= seq);
  }

  isKeyDueAt(seq: number): boolean {
    const left = this.#departures.findLast((place) => place <= seq);
    return left !== undefined && left > (this.keyAt(seq)?.seq ?? -1);
  }

  #note(member: MemberId, change: RoleChange): void {
    const changes = this.#roles.get(member);
    if (changes === undefined) this.#roles.set(member, [change]);
    else changes.push(change);
  }
}
