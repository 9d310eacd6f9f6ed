import assert from "node:assert/strict";
import { test } from "node:test";
import { buildGenesis, buildJoin } from "./build.ts";
import { entryHash, memberIdOf, meshIdOf, parseEntry, signEntry } from "./entry.ts";
import { Chain, genesisBy, person, refusal } from "./fixture.ts";

const [ann, bob] = [person(0), person(1)];

test("the hash covers everything but the signature", () => {
  const genesis = genesisBy(ann);
  const { sig: _sig, ...unsigned } = genesis;
  assert.equal(entryHash(unsigned), entryHash(genesis));
  assert.notEqual(entryHash({ ...unsigned, at: unsigned.at + 1 }), entryHash(genesis));
  assert.equal(meshIdOf(genesis), `mesh_${entryHash(genesis)}`);
  assert.equal(memberIdOf(genesis), `mbr_${entryHash(genesis)}`);
});

test("unknown types and versions ask for an upgrade, everything else is malformed", () => {
  const genesis = genesisBy(ann);
  assert.deepEqual(parseEntry(genesis), genesis);
  const cases = [
    [{ ...genesis, v: 2 }, "upgrade_required", /version 2/],
    [{ ...genesis, type: "promote" }, "upgrade_required", /"promote"/],
    [{ ...genesis, type: "constructor" }, "upgrade_required", /"constructor"/],
    [{ v: 3 }, "upgrade_required", /version 3/],
    [{ ...genesis, v: "1" }, "malformed", /^v/],
    [{ ...genesis, type: 7 }, "malformed", /^type/],
    [{ ...genesis, more: 1 }, "malformed", /more/],
    [{ ...genesis, seq: -1 }, "malformed", /^seq/],
    [null, "malformed", /roster entry/],
    ["x", "malformed", /roster entry/],
    [[], "malformed", /./],
  ] as const;
  for (const [value, code, message] of cases) {
    assert.throws(() => parseEntry(value), refusal(code, message));
  }
});

test("nobody signs for another", () => {
  const { sig: _sig, ...unsigned } = genesisBy(ann);
  assert.throws(() => signEntry(unsigned, bob.signer), refusal("malformed", /^author/));
  const input = { ...unsigned.body, at: unsigned.at, signer: bob.signer };
  assert.throws(() => buildGenesis(input), refusal("malformed", /^keys\.sign/));
  const chain = new Chain();
  chain.invite(ann, 1);
  const { invite, proof } = chain.nextJoin(bob, 1).body;
  const join = { ...ann, keys: bob.keys, invite, proof, now: 0 };
  assert.throws(() => buildJoin(chain.roster, join), refusal("malformed", /^keys\.sign/));
});

test("building refuses what would not parse", () => {
  const chain = new Chain();
  assert.throws(() => chain.next(ann, "policy", {}), refusal("malformed", /body/));
  const input = { ...genesisBy(ann).body, name: "", at: 0, signer: ann.signer };
  assert.throws(() => buildGenesis(input), refusal("malformed", /name/));
});
