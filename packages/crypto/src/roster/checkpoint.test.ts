import assert from "node:assert/strict";
import { test } from "node:test";
import type { RosterEntry } from "@claudemesh/protocol";
import { checkpointAt, isOwnCheckpoint } from "./checkpoint.ts";
import { Chain, person, seedOf, snapshot } from "./fixture.ts";
import { Roster } from "./roster.ts";

function chainOfFive(): Chain {
  const chain = new Chain();
  chain.invite(person(0), 1, "member", 5);
  for (let n = 1; n < 4; n += 1) chain.join(person(n), 1);
  chain.remove(person(0), person(2));
  return chain;
}

/** An entry whose signature does not verify any more; its hash is as it was. */
const unsignedLike = (entry: RosterEntry, other: RosterEntry): RosterEntry => ({
  ...entry,
  sig: other.sig,
});

test("a chain that was verified once is taken up without its signatures, and says the same", () => {
  const { entries, roster } = chainOfFive();
  const head = { seq: 4, hash: roster.hashAt(4) as typeof roster.genesisHash };
  const [genesis, first, ...rest] = entries as [RosterEntry, RosterEntry, ...RosterEntry[]];
  const bare = [genesis, unsignedLike(first, genesis), ...rest];
  assert.throws(() => Roster.fromGenesis(genesis).append(bare.slice(1)), { code: "bad_signature" });
  assert.deepEqual(snapshot(Roster.resume(bare, head, roster.mesh)), snapshot(roster));
});

test("what comes after the checkpoint is verified as ever", () => {
  const { entries, roster } = chainOfFive();
  const head = { seq: 2, hash: roster.hashAt(2) as typeof roster.genesisHash };
  const [genesis] = entries as [RosterEntry];
  const last = entries.at(-1) as RosterEntry;
  const forged = [...entries.slice(0, -1), unsignedLike(last, genesis)];
  assert.throws(() => Roster.resume(forged, head), { code: "bad_signature" });
});

test("another chain, a shorter one or one with a gap is not taken up", () => {
  const { entries, roster } = chainOfFive();
  const { head } = roster;
  const other = { ...head, hash: "0".repeat(64) as typeof head.hash };
  for (const [stored, at] of [
    [entries, other],
    [entries.slice(0, -1), head],
    [entries.filter(({ seq }) => seq !== 2), head],
    [entries.map((entry) => (entry.seq === 2 ? { ...entry, at: entry.at + 1 } : entry)), head],
  ] as const) {
    assert.throws(() => Roster.resume(stored, at), { code: "roster_fork" });
  }
});

test("a checkpoint is its maker's, of one mesh and one head", () => {
  const { roster } = chainOfFive();
  const key = seedOf(1);
  const made = checkpointAt(key, roster.mesh, roster.head);
  assert.ok(isOwnCheckpoint(key, roster.mesh, made));
  assert.ok(!isOwnCheckpoint(seedOf(2), roster.mesh, made));
  assert.ok(!isOwnCheckpoint(key, `mesh_${"a".repeat(64)}` as typeof roster.mesh, made));
  assert.ok(!isOwnCheckpoint(key, roster.mesh, { ...made, seq: made.seq - 1 }));
  assert.ok(!isOwnCheckpoint(key, roster.mesh, { ...made, hash: roster.genesisHash }));
});
