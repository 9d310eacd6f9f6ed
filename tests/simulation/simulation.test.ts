import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Bug,
  describeFailure,
  playCourse,
  runSimulation,
  Tally,
} from "@claudemesh/testkit/simulation";
import { seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";

const from = seedOfRun();

test(`whatever a seed brings, nothing acknowledged is lost, doubled or untold (seeds from ${from})`, async (t) => {
  const tally = new Tally();
  for (let seed = from; seed < from + 6; seed++) {
    const course = await playCourse({ seed });
    assert.deepEqual(course.told, []);
    tally.add(course);
  }
  const lines = tally.describe();
  t.diagnostic(lines.at(-1) ?? "");
  assert.match(lines.at(-1) ?? "", /^seeds 6 acknowledged [1-9]\d+ lost 0 duplicated 0$/);
});

test("a seed is one course: played again it is the same to the last byte, and another seed is another", async () => {
  const [first, again, other] = [
    await runSimulation({ seed: 7 }),
    await runSimulation({ seed: 7 }),
    await runSimulation({ seed: 8 }),
  ];
  assert.equal(again.hash, first.hash, describeFailure(again).join("\n"));
  assert.deepEqual(again.trace, first.trace);
  assert.equal(again.events, first.events);
  assert.notEqual(other.hash, first.hash);
});

/** Each planted bug, what gives it away, and the seed to begin with: the first that was found to do so. */
const planted: Readonly<Record<Bug, readonly [sign: RegExp, from: number]>> = {
  "early-reply": [/^lost: /m, 1],
  "no-sync": [/^lost: |not in the log|trusted|log_mismatch/m, 1],
  "no-dedupe": [/in the log at \d+, \d+/, 9],
  "early-ack": [/^lost: |not drained|is missing/m, 9],
  "hide-again": [/^duplicated: /m, 4],
  "skip-confirm": [/not drained: .* toShow/, 1],
};

for (const [bug, [sign, first]] of Object.entries(planted) as [Bug, readonly [RegExp, number]][]) {
  test(`the planted bug ${bug} is found within 40 seeds`, async (t) => {
    for (let seed = first; seed < first + 40; seed++) {
      const { told } = await playCourse({ seed, bug });
      if (!sign.test(told.join("\n"))) continue;
      assert.match(told.at(-1) ?? "", new RegExp(`--seed ${seed} --bug ${bug}$`));
      t.diagnostic(`found by seed ${seed}`);
      return;
    }
    assert.fail("no seed found it");
  });
}
