import type {
  EntryOf,
  Epoch,
  Hash,
  InviteId,
  MemberId,
  MemberKeys,
  MemberRole,
  MeshError,
  RosterEntry,
  SealKey,
  SessionId,
  SignKey,
  TopicId,
  TopicRole,
} from "@claudemesh/protocol";
import { toBase64 } from "../encoding.ts";
import { inviteIdOf, signInviteProof } from "../invite-proof.ts";
import { Signer } from "../signature.ts";
import { ready, sodium } from "../sodium.ts";
import { buildGenesis, buildJoin, nextEntry } from "./build.ts";
import { buildRekey } from "./build-rekey.ts";
import { memberIdOf } from "./entry.ts";
import { Roster } from "./roster.ts";

await ready();

/** The clock of the fixtures, in milliseconds. */
export const startAt = 1_750_000_000_000;

/** 32 bytes that spell `n`, for keys that are the same in every run. */
export function seedOf(n: number): Uint8Array {
  const seed = new Uint8Array(32);
  // Away from the ends, where X25519 clamps bits off.
  new DataView(seed.buffer).setUint32(8, n);
  return seed;
}

export interface Person {
  readonly signer: Signer;
  readonly keys: MemberKeys;
}

/** Person `n`: the signing key from seed `n`, the sealing key's private part is seed `n` itself. */
export function person(n: number): Person {
  const signer = new Signer(seedOf(n));
  const seal = toBase64(sodium.crypto_scalarmult_base(seedOf(n))) as SealKey;
  return { signer, keys: { sign: signer.key, seal } };
}

const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
export const sessionIdOf = (n: number) => `ses_${uuid(n)}` as SessionId;
export const topicId = (n: number) => `top_${uuid(n)}` as TopicId;

/** A commitment, of no key, that spells `n`. */
export const commitment = (n: number) => n.toString(16).padStart(64, "0") as Hash;

/** Invite `n`'s signing key. */
export const inviteSigner = (n: number): Signer => new Signer(seedOf(1_000_000 + n));

export const inviteId = (n: number): InviteId => inviteIdOf(inviteSigner(n).key);

export const genesisBy = (
  owner: Person,
  name = "lab",
  k0 = "c0".repeat(32) as Hash,
): EntryOf<"genesis"> =>
  buildGenesis({
    name,
    keys: owner.keys,
    nonce: toBase64(seedOf(7)),
    commitment: k0,
    at: startAt,
    signer: owner.signer,
  });

/** A chain that keeps its entries, with one line per act; person 0 founds it. */
export class Chain {
  readonly roster: Roster;
  readonly entries: RosterEntry[];
  #now = startAt;

  constructor(founder = person(0), name = "lab", k0?: Hash) {
    const genesis = genesisBy(founder, name, k0);
    this.roster = Roster.fromGenesis(genesis);
    this.entries = [genesis];
  }

  /** Signs the next entry, one second after the last, without appending it. */
  next<T extends Exclude<RosterEntry["type"], "genesis">>(
    by: Person,
    type: T,
    body: EntryOf<T>["body"],
  ): EntryOf<T> {
    this.#now += 1000;
    return nextEntry(this.roster, type, body, { signer: by.signer, now: this.#now });
  }

  add<T extends Exclude<RosterEntry["type"], "genesis">>(
    by: Person,
    type: T,
    body: EntryOf<T>["body"],
  ): EntryOf<T> {
    const entry = this.next(by, type, body);
    this.roster.apply(entry);
    this.entries.push(entry);
    return entry;
  }

  invite(by: Person, n: number, role: MemberRole = "member", uses = 1): InviteId {
    this.add(by, "invite", inviteBody(n, role, uses));
    return inviteId(n);
  }

  nextJoin(who: Person, n: number): EntryOf<"join"> {
    this.#now += 1000;
    const invite = inviteId(n);
    const proof = signInviteProof(
      { mesh: this.roster.mesh, invite, keys: who.keys },
      inviteSigner(n),
    );
    return buildJoin(this.roster, { ...who, invite, proof, now: this.#now });
  }

  join(who: Person, n: number): MemberId {
    const entry = this.nextJoin(who, n);
    this.roster.apply(entry);
    this.entries.push(entry);
    return memberIdOf(entry);
  }

  /** The next epoch, with a commitment that no other has. */
  epoch(): Epoch {
    return { number: this.roster.epochs.length, commitment: commitment(this.entries.length) };
  }

  /** One member's removal by another. */
  remove(by: Person, who: Person): EntryOf<"remove"> {
    return this.add(by, "remove", { member: this.idOf(who), epoch: this.epoch() });
  }

  nextRekey(by: Person, who: Person, to: Person): EntryOf<"rekey"> {
    return this.nextRekeyOf(by, this.idOf(who), to);
  }

  nextRekeyOf(by: Person, member: MemberId, to: Person): EntryOf<"rekey"> {
    this.#now += 1000;
    return buildRekey(this.roster, {
      ...{ member, keys: to.keys, newSigner: to.signer },
      ...{ signer: by.signer, commitment: this.epoch().commitment, now: this.#now },
    });
  }

  rekey(by: Person, who: Person, to: Person): EntryOf<"rekey"> {
    const entry = this.nextRekey(by, who, to);
    this.roster.apply(entry);
    this.entries.push(entry);
    return entry;
  }

  topicAdd(by: Person, n: number, who: Person, role: TopicRole): EntryOf<"topic_add"> {
    return this.add(by, "topic_add", { topic: topicId(n), member: this.idOf(who), role });
  }

  topicRemove(by: Person, n: number, who: Person): EntryOf<"topic_remove"> {
    return this.add(by, "topic_remove", { topic: topicId(n), member: this.idOf(who) });
  }

  /** The body of the topic's next key, with a commitment that no other has. */
  topicKey(n: number) {
    const topic = topicId(n);
    const version = (this.roster.topics.get(topic)?.version ?? 0) + 1;
    return { topic, version, commitment: commitment(this.entries.length) };
  }

  idOf(who: Person): MemberId {
    return memberIdIn(this.roster, who.keys.sign);
  }
}

export const inviteBody = (n: number, role: MemberRole = "member", uses = 1) => ({
  expiresAt: startAt + 7 * 24 * 3_600_000,
  invite: inviteId(n),
  key: inviteSigner(n).key,
  role,
  uses,
});

export function memberIdIn(roster: Roster, key: SignKey): MemberId {
  const member = roster.memberByKey(key);
  if (member === undefined) throw new Error(`nobody has the key ${key}`);
  return member.id;
}

/** Everything a roster says, as plain data, to compare two of them. */
export const snapshot = (roster: Roster) => ({
  head: roster.head,
  headAt: roster.headAt,
  policy: { ...roster.policy },
  members: [...roster.members.values()],
  invites: [...roster.invites.values()],
  sessions: [...roster.revokedSessions].map(([member, set]) => [member, [...set]]),
  epochs: [...roster.epochs],
  barrier: [roster.lastBarrier, roster.isEpochDue],
  topics: [...roster.topics.values()].map((topic) => [
    topic.id,
    [...topic.members],
    [...topic.keys],
    topic.isKeyDue,
    roster.barrierAt(roster.head.seq, topic.id),
  ]),
  counts: [roster.memberCount, roster.ownerCount],
  hashes: Array.from({ length: roster.head.seq + 1 }, (_, seq) => roster.hashAt(seq)),
});

/** A predicate for `assert.throws`: a MeshError of this code whose message fits. */
export const refusal = (code: MeshError["code"], message?: RegExp) =>
  message === undefined ? { name: "MeshError", code } : { name: "MeshError", code, message };
