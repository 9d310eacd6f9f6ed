import assert from "node:assert/strict";
import { test } from "node:test";
import { type RosterEntry, rosterBodies } from "@claudemesh/protocol";
import { nextEntry } from "./build.ts";
import { parseEntry, signEntry } from "./entry.ts";
import {
  Chain,
  genesisBy,
  type Person,
  person,
  refusal,
  sessionIdOf,
  snapshot,
  startAt,
} from "./fixture.ts";
import { Roster } from "./roster.ts";

type Six = [Person, Person, Person, Person, Person, Person];
const [ann, bob, cyd, dan, fay, eve] = [0, 1, 2, 3, 4, 66].map(person) as Six;

/** A chain with every entry type. */
function fullChain(): RosterEntry[] {
  const chain = new Chain();
  chain.invite(ann, 1, "admin", 3);
  const member = chain.join(bob, 1);
  chain.add(ann, "policy", { requireE2E: true, selfEditable: ["groups"] });
  chain.add(ann, "role", { member, role: "member", permissions: { deploy: false } });
  chain.invite(ann, 2);
  chain.add(ann, "invite_revoke", { invite: chain.invite(ann, 3) });
  chain.add(bob, "session_revoke", { session: sessionIdOf(1) });
  chain.invite(ann, 4);
  chain.join(cyd, 4);
  chain.topicAdd(ann, 1, ann, "lead");
  chain.topicAdd(ann, 1, cyd, "member");
  chain.add(ann, "topic_key", chain.topicKey(1));
  chain.topicRemove(ann, 1, cyd);
  chain.add(ann, "epoch", chain.epoch());
  chain.remove(ann, cyd);
  chain.add(ann, "restore", { member: chain.idOf(cyd) });
  chain.rekey(ann, cyd, dan);
  chain.rekey(dan, dan, fay);
  chain.add(bob, "remove", { member });
  assert.deepEqual(
    [...new Set(chain.entries.map(({ type }) => type))].sort(),
    Object.keys(rosterBodies),
  );
  return chain.entries;
}

type Tree = { [key: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

function changed(leaf: unknown): unknown {
  if (typeof leaf === "boolean") return !leaf;
  if (typeof leaf === "number") return leaf + 1;
  const text = String(leaf);
  return text === "" ? "x" : `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`;
}

/** Every copy of `value` with one leaf changed, one field dropped, or one field added to some object. */
function* mutants(value: Tree): Generator<[string, Tree]> {
  yield ["with a field added", Array.isArray(value) ? [...value, "x"] : { ...value, extra: 1 }] as [
    string,
    Tree,
  ];
  for (const key of Object.keys(value)) {
    const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    yield [
      `without ${key}`,
      Array.isArray(value) ? (Object.values(rest) as unknown as Tree) : rest,
    ];
    const child = value[key];
    const inner: Iterable<[string, unknown]> = isTree(child)
      ? mutants(child)
      : [["changed", changed(child)]];
    for (const [what, mutant] of inner) {
      const copy = (Array.isArray(value) ? [...value] : { ...value }) as Tree;
      copy[key] = mutant;
      yield [`${key} ${what}`, copy];
    }
  }
}

test("no leaf of any entry can be changed, dropped or added", () => {
  const entries = fullChain();
  const [genesis, ...rest] = entries;
  assert.ok(genesis);
  for (const [what, mutant] of mutants(genesis)) {
    assert.throws(() => Roster.fromGenesis(parseEntry(mutant)), { name: "MeshError" }, what);
  }
  const roster = Roster.fromGenesis(genesis);
  for (const entry of rest) {
    const before = snapshot(roster);
    let tried = 0;
    for (const [what, mutant] of mutants(entry)) {
      const attempt = () => roster.apply(parseEntry(mutant));
      assert.throws(attempt, { name: "MeshError" }, `${entry.type} ${what}`);
      tried += 1;
    }
    assert.ok(tried > 20);
    assert.deepEqual(snapshot(roster), before);
    roster.apply(parseEntry(JSON.parse(JSON.stringify(entry))));
  }
});

test("an entry signed again by someone else does not pass for its author's", () => {
  const [genesis, ...rest] = fullChain();
  assert.ok(genesis);
  const roster = Roster.fromGenesis(genesis);
  for (const entry of rest) {
    const { sig: _sig, ...body } = entry;
    const forged = signEntry({ ...body, author: eve.signer.key }, eve.signer) as RosterEntry;
    const code = entry.type === "join" ? "malformed" : "not_member";
    assert.throws(() => roster.apply(forged), refusal(code));
    assert.throws(() => roster.apply({ ...entry, sig: forged.sig }), refusal("bad_signature"));
    roster.apply(entry);
  }
});

test("a join carried over to other keys fails its proof", () => {
  const chain = new Chain();
  chain.invite(ann, 1);
  const { body } = chain.nextJoin(bob, 1);
  const stolen = nextEntry(
    chain.roster,
    "join",
    { ...body, keys: eve.keys },
    { ...eve, now: startAt },
  );
  assert.throws(() => chain.roster.apply(stolen), refusal("bad_signature", /proof/));
});

test("a forged genesis is refused", () => {
  const genesis = genesisBy(ann);
  const { sig: _sig, ...body } = genesis;
  const sign = (change: object) =>
    signEntry({ ...body, ...change, author: eve.signer.key }, eve.signer) as RosterEntry;
  assert.throws(() => Roster.fromGenesis(sign({})), refusal("malformed", /^author/));
  const own = (change: object) =>
    signEntry({ ...body, ...change }, ann.signer) as unknown as RosterEntry;
  assert.throws(() => Roster.fromGenesis(own({ seq: 1 })), refusal("malformed", /^seq/));
  assert.throws(
    () => Roster.fromGenesis(own({ prev: Roster.fromGenesis(genesis).genesisHash })),
    refusal("malformed", /^prev/),
  );
  const { mesh } = Roster.fromGenesis(genesis);
  assert.throws(() => Roster.fromGenesis(own({ mesh })), refusal("malformed", /^mesh/));
  assert.throws(
    () => Roster.fromGenesis(genesisBy(eve), mesh),
    refusal("malformed", /another mesh/),
  );
  const second = new Chain().entries[0];
  assert.ok(second);
  assert.throws(
    () => Roster.fromGenesis(genesis).check(second),
    refusal("malformed", /only the first/),
  );
});

test("swapped entries and entries of another mesh are refused", () => {
  const entries = fullChain();
  const [genesis, first, second] = entries;
  assert.ok(genesis && first && second);
  const roster = Roster.fromGenesis(genesis);
  assert.throws(() => roster.append([second, first]), refusal("roster_conflict", /gap/));
  const other = new Chain(eve);
  const foreign = other.next(eve, "policy", { requireE2E: true });
  assert.throws(() => roster.append([foreign]), refusal("malformed", /another mesh/));
  assert.throws(() => Roster.fromGenesis(first), refusal("malformed", /begins with genesis/));
  assert.equal(roster.head.seq, 0);
});

test("time never runs backwards along the chain", () => {
  const chain = new Chain();
  chain.add(ann, "policy", { requireE2E: true });
  const { sig: _sig, ...next } = chain.next(ann, "policy", { requireE2E: false });
  const early = signEntry({ ...next, at: chain.roster.headAt - 1 }, ann.signer);
  assert.throws(() => chain.roster.apply(early), refusal("malformed", /^at/));
  const same = nextEntry(chain.roster, "policy", { retentionDays: 9 }, { ...ann, now: 0 });
  assert.equal(same.at, chain.roster.headAt);
  chain.roster.apply(same);
});
