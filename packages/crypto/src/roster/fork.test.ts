import assert from "node:assert/strict";
import { test } from "node:test";
import { nextEntry } from "./build.ts";
import { entryHash } from "./entry.ts";
import { Chain, genesisBy, person, refusal, startAt } from "./fixture.ts";
import { compareHead, requireExtends } from "./fork.ts";
import { Roster } from "./roster.ts";

const ann = person(0);

/** Two honest-looking chains that part after entry 2. */
function parted() {
  const [left, right] = [new Chain(), new Chain()];
  for (const chain of [left, right]) {
    chain.invite(ann, 1);
    chain.join(person(1), 1);
  }
  left.add(ann, "policy", { requireE2E: true });
  right.add(ann, "policy", { requireE2E: false });
  left.invite(ann, 2);
  right.invite(ann, 2);
  return { left, right };
}

test("an offered entry that lost the race is a conflict with the head", () => {
  const { left } = parted();
  const old = new Chain();
  const late = nextEntry(old.roster, "policy", { retentionDays: 9 }, { ...ann, now: startAt });
  const { head } = left.roster;
  assert.throws(() => left.roster.check(late), {
    ...refusal("roster_conflict", /entry 1 is not next: the roster's head is 4/),
    detail: { head },
  });
});

test("a repeated entry and a gap are conflicts", () => {
  const { left } = parted();
  const last = left.entries.at(-1);
  assert.ok(last);
  assert.throws(() => left.roster.check(last), refusal("roster_conflict", /in the roster already/));
  const behind = Roster.fromGenesis(genesisBy(ann));
  assert.throws(() => behind.check(last), refusal("roster_conflict", /gap/));
});

test("an entry on another history is a fork with both hashes", () => {
  const { left, right } = parted();
  const next = right.next(ann, "policy", { retentionDays: 9 });
  assert.throws(() => left.roster.check(next), {
    ...refusal("roster_fork", /place 4/),
    detail: { known: left.roster.head, claimed: right.roster.head },
  });
});

test("a published chain that says something else in a known place is a fork there", () => {
  const { left, right } = parted();
  const other = right.entries[3];
  assert.ok(other);
  assert.throws(() => left.roster.append(right.entries), {
    ...refusal("roster_fork", /place 3/),
    detail: {
      known: { seq: 3, hash: left.roster.hashAt(3) },
      claimed: { seq: 3, hash: entryHash(other) },
      seq: 3,
    },
  });
});

test("append passes over known entries and stops at the first bad one with the rest applied", () => {
  const { left } = parted();
  const roster = Roster.fromGenesis(genesisBy(ann));
  const bad = left.next(person(5), "policy", { requireE2E: true });
  assert.throws(() => roster.append([...left.entries, bad]), {
    ...refusal("not_member"),
    detail: { seq: 5 },
  });
  assert.deepEqual(roster.head, left.roster.head);
  assert.equal(roster.append(left.entries), 0);
});

test("heads compare as same, behind, ahead or fork", () => {
  const { left, right } = parted();
  const short = Roster.fromGenesis(genesisBy(ann));
  assert.equal(compareHead(left.roster, left.roster.head), "same");
  assert.equal(compareHead(left.roster, short.head), "behind");
  assert.equal(compareHead(short, left.roster.head), "ahead");
  assert.equal(compareHead(left.roster, right.roster.head), "fork");
});

test("a chain must contain the highest head verified before", () => {
  const { left, right } = parted();
  const verified = left.roster.head;
  requireExtends(left.roster, verified);
  left.add(ann, "policy", { retentionDays: 9 });
  requireExtends(left.roster, verified);
  const truncated = Roster.fromGenesis(genesisBy(ann));
  truncated.append(left.entries.slice(0, 4));
  assert.throws(() => requireExtends(truncated, verified), refusal("log_mismatch", /rolled back/));
  assert.throws(() => requireExtends(right.roster, verified), {
    ...refusal("roster_fork"),
    detail: { known: verified, claimed: right.roster.head },
  });
});
