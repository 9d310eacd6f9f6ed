import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain, person } from "./fixture.ts";
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
