import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { sodium } from "../sodium.ts";
import { Chain, person, snapshot } from "./fixture.ts";
import { Roster } from "./roster.ts";

/** What is done while `run` runs: signatures checked, hashes taken, entries put into maps and sets (copying one puts each of its entries). */
function workOf(t: TestContext, run: () => void) {
  const counted = {
    signatures: t.mock.method(sodium, "crypto_sign_verify_detached"),
    hashes: t.mock.method(sodium, "crypto_hash_sha256"),
    maps: t.mock.method(Map.prototype, "set"),
    sets: t.mock.method(Set.prototype, "add"),
  };
  run();
  const done = Object.entries(counted).map(([what, { mock }]) => [what, mock.callCount()] as const);
  for (const { mock } of Object.values(counted)) mock.restore();
  return Object.fromEntries(done);
}

test("verifying the 300th join takes as much work as the 2nd: two signatures, one hash, and nothing is copied", (t) => {
  const chain = new Chain();
  chain.invite(person(0), 1, "member", 300);
  for (let n = 1; n <= 300; n += 1) chain.join(person(n), 1);
  const [genesis, ...rest] = chain.entries;
  assert.ok(genesis);
  const roster = Roster.fromGenesis(genesis);
  roster.append(rest.slice(0, 2));
  const second = workOf(t, () => roster.append(rest.slice(2, 3)));
  roster.append(rest.slice(3, -1));
  const last = workOf(t, () => roster.append(rest.slice(-1)));
  assert.deepEqual(last, second);
  assert.deepEqual([last.signatures, last.hashes], [2, 1]);
  const again = workOf(t, () => roster.append(rest.slice(-1)));
  assert.equal(again.signatures, 0, "a known entry is compared, not verified again");
});

test("500 members and 200 epochs verify, at once and piece by piece", (t) => {
  const chain = new Chain();
  chain.invite(person(0), 1, "member", 500);
  for (let n = 1; n <= 500; n += 1) chain.join(person(n), 1);
  for (let n = 1; n <= 200; n += 1) {
    if (n % 4 === 0) chain.remove(person(0), person(n));
    else chain.add(person(0), "epoch", chain.epoch());
  }
  const [genesis, ...rest] = chain.entries;
  assert.ok(genesis);
  const start = process.cpuUsage();
  const whole = Roster.fromGenesis(genesis);
  assert.equal(whole.append(rest), 701);
  const { user } = process.cpuUsage(start);
  const pieces = Roster.fromGenesis(genesis);
  for (let at = 0; at < rest.length; at += 100) {
    pieces.append(JSON.parse(JSON.stringify(rest.slice(at, at + 100))));
  }
  assert.deepEqual(snapshot(pieces), snapshot(whole));
  assert.deepEqual([whole.memberCount, whole.epochs.length], [451, 201]);
  t.diagnostic(`${rest.length} entries verified in ${(user / 1000).toFixed(0)} ms of CPU`);
});
