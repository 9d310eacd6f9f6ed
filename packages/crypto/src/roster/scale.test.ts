import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain, person, snapshot } from "./fixture.ts";
import { Roster } from "./roster.ts";

test("verifying 1,000 joins costs per entry what 250 cost", () => {
  const chain = new Chain();
  chain.invite(person(0), 1, "member", 1000);
  for (let n = 1; n <= 1000; n += 1) chain.join(person(n), 1);
  const [genesis, ...rest] = chain.entries;
  assert.ok(genesis);
  const cost = (count: number) => {
    const roster = Roster.fromGenesis(genesis);
    const start = process.cpuUsage();
    assert.equal(roster.append(rest.slice(0, count + 1)), count + 1);
    const { user } = process.cpuUsage(start);
    return user / count;
  };
  cost(250);
  const few = Math.min(cost(250), cost(250));
  const many = cost(1000);
  // Quadratic work would make it about four times as much.
  assert.ok(many < few * 2.5, `${few.toFixed(0)} µs per entry of 250, ${many.toFixed(0)} of 1000`);
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
