import type { ErrorCode, RosterEntry } from "@claudemesh/protocol";
import { domains } from "../../domain.ts";
import { toBase64, toHex } from "../../encoding.ts";
import { type JsonValue, jcs } from "../../jcs.ts";
import { unsigned } from "../../signature.ts";
import { entryHash, signEntry } from "../entry.ts";
import {
  Chain,
  inviteId,
  inviteSigner,
  type Person,
  person,
  seedOf,
  sessionIdOf,
} from "../fixture.ts";
import type { Roster } from "../roster.ts";
import { addKeyActs } from "./key-acts.ts";

const [ann, bob, cyd, dan, dan2, dan3] = [0, 1, 2, 3, 4, 5].map(person) as [
  Person,
  Person,
  Person,
  Person,
  Person,
  Person,
];

/** An entry that may not follow the first `after` entries of the chain. */
interface Refused {
  readonly name: string;
  readonly after: number;
  readonly code: ErrorCode;
  readonly entry: unknown;
}

/** What a chain adds up to, as any implementation can list it. */
export const stateOf = (roster: Roster) => ({
  mesh: roster.mesh,
  head: roster.head,
  policy: { ...roster.policy },
  members: [...roster.members.values()],
  invites: [...roster.invites.values()],
  epochs: [...roster.epochs],
  lastBarrier: roster.lastBarrier,
  topics: [...roster.topics.values()].map((topic) => ({
    id: topic.id,
    members: [...topic.members].map(([member, role]) => ({ member, role })),
    keys: [...topic.keys],
    isKeyDue: topic.isKeyDue,
    barrier: roster.barrierAt(roster.head.seq, topic.id),
  })),
  revokedSessions: [...roster.revokedSessions].flatMap(([member, sessions]) =>
    [...sessions].map((session) => ({ member, session })),
  ),
});

const describe = (entry: RosterEntry) => ({
  signed: `${domains.roster}\n${jcs(unsigned(entry) as unknown as JsonValue)}`,
  hash: entryHash(entry),
  entry,
});

function resigned(entry: RosterEntry, change: object, by: Person): RosterEntry {
  const changed = { ...unsigned(entry), ...change } as RosterEntry;
  return signEntry(changed, by.signer) as RosterEntry;
}

/** The whole of `vectors/roster.json`. */
export function chainVector() {
  const chain = new Chain(ann);
  const refused: Refused[] = [];
  const refuse = (name: string, code: ErrorCode, entry: unknown) =>
    refused.push({ name, after: chain.entries.length, code, entry });
  const foreign = new Chain(dan);
  const policy = { requireE2E: true } as const;

  refuse("of another mesh", "malformed", foreign.next(dan, "policy", policy));
  refuse("by no member", "not_member", chain.next(bob, "policy", policy));
  const next = chain.next(ann, "policy", policy);
  refuse("content changed after signing", "bad_signature", {
    ...next,
    body: { requireE2E: false },
  });
  refuse("older than the entry before", "malformed", resigned(next, { at: 0 }, ann));
  refuse("leaves a gap", "roster_conflict", resigned(next, { seq: 2 }, ann));
  refuse("on another history", "roster_fork", resigned(next, { prev: "0".repeat(64) }, ann));
  refuse("unknown type", "upgrade_required", { ...next, type: "promote" });
  refuse("unknown version", "upgrade_required", { ...next, v: 2 });
  refuse("unknown field", "malformed", { ...next, note: "x" });
  refuse("a second genesis", "malformed", foreign.entries[0]);
  refuse("unknown invite", "not_found", chain.nextJoin(bob, 1));

  chain.invite(ann, 1, "admin", 2);
  refuse("signed before the last entry was known", "roster_conflict", next);
  refuse("proof by another invite's key", "bad_signature", {
    ...resigned(
      chain.nextJoin(bob, 1),
      { body: { ...chain.nextJoin(bob, 1).body, proof: chain.nextJoin(bob, 2).body.proof } },
      bob,
    ),
  });
  const bobId = chain.join(bob, 1);
  refuse("keys that are in the chain already", "already_member", chain.nextJoin(bob, 1));
  chain.add(ann, "policy", { requireE2E: true, retentionDays: 30, whoMayInvite: "members" });
  refuse("the name by an admin", "forbidden", chain.next(bob, "policy", { name: "other" }));
  chain.invite(bob, 2);
  const cydId = chain.join(cyd, 2);
  refuse("used-up invite", "exhausted", chain.nextJoin(dan, 2));
  chain.add(bob, "role", { member: cydId, role: "guest", permissions: { topics: true } });
  chain.invite(bob, 3);
  chain.invite(bob, 4);
  chain.add(bob, "invite_revoke", { invite: inviteId(3) });
  refuse("revoked invite", "revoked", chain.nextJoin(dan, 3));
  chain.add(cyd, "session_revoke", { session: sessionIdOf(1) });
  refuse(
    "the last owner leaves",
    "forbidden",
    chain.next(ann, "remove", { member: chain.idOf(ann) }),
  );
  addKeyActs(chain, refuse);
  chain.add(bob, "remove", { member: bobId });
  refuse("invite of one who left", "revoked", chain.nextJoin(person(9), 4));
  refuse("by one who left", "not_member", chain.next(bob, "policy", policy));

  const people = Object.entries({ ann, bob, cyd, dan, dan2, dan3 });
  return {
    about:
      "signed roster chain: `signed` is the exact UTF-8 text under signature and hash (SHA-256); seeds are hex, a person's seed is the Ed25519 seed and the X25519 private key",
    people: people.map(([name, { keys }], n) => ({ name, seed: toHex(seedOf(n)), keys })),
    inviteKeys: [1, 2, 3, 4, 5].map((n) => ({
      invite: inviteId(n),
      seed: toHex(seedOf(1_000_000 + n)),
      key: inviteSigner(n).key,
    })),
    genesisNonce: toBase64(seedOf(7)),
    entries: chain.entries.map(describe),
    state: stateOf(chain.roster),
    refused,
  };
}
