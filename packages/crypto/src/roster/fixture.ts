import type {
  EntryOf,
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
} from "@claudemesh/protocol";
import { toBase64 } from "../encoding.ts";
import { inviteIdOf, signInviteProof } from "../invite-proof.ts";
import { Signer } from "../signature.ts";
import { ready, sodium } from "../sodium.ts";
import { buildGenesis, buildJoin, nextEntry } from "./build.ts";
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

/** Invite `n`'s signing key. */
export const inviteSigner = (n: number): Signer => new Signer(seedOf(1_000_000 + n));

export const inviteId = (n: number): InviteId => inviteIdOf(inviteSigner(n).key);

export const genesisBy = (owner: Person, name = "lab"): EntryOf<"genesis"> =>
  buildGenesis({
    name,
    keys: owner.keys,
    nonce: toBase64(seedOf(7)),
    commitment: "c0".repeat(32) as Hash,
    at: startAt,
    signer: owner.signer,
  });

/** A chain that keeps its entries, with one line per act; person 0 founds it. */
export class Chain {
  readonly roster: Roster;
  readonly entries: RosterEntry[];
  #now = startAt;

  constructor(founder = person(0), name = "lab") {
    const genesis = genesisBy(founder, name);
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
  counts: [roster.memberCount, roster.ownerCount],
  hashes: Array.from({ length: roster.head.seq + 1 }, (_, seq) => roster.hashAt(seq)),
});

/** A predicate for `assert.throws`: a MeshError of this code whose message fits. */
export const refusal = (code: MeshError["code"], message?: RegExp) =>
  message === undefined ? { name: "MeshError", code } : { name: "MeshError", code, message };
