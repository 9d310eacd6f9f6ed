import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Bug,
  describeFailure,
  playCourse,
  runSimulation,
  Tally,
} from "@claudemesh/testkit/simulation";

const from = Math.floor(Math.random() * 2 ** 31);

test(`whatever a seed brings, nothing acknowledged is lost, doubled or untold (seeds from ${from})`, async (t) => {
  const tally = new Tally();
  for (let seed = from; seed < from + 12; seed++) {
    const course = await playCourse({ seed });
    assert.deepEqual(course.told, []);
    tally.add(course);
  }
  const lines = tally.describe();
  t.diagnostic(lines.at(-1) ?? "");
  assert.match(lines.at(-1) ?? "", /^seeds 12 acknowledged [1-9]\d+ lost 0 duplicated 0$/);
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

/** Each planted bug, and what gives it away. */
const planted: Readonly<Record<Bug, RegExp>> = {
  "early-reply": /^lost: /m,
  "no-sync": /^lost: |not in the log|trusted|log_mismatch/m,
  "no-dedupe": /in the log at \d+, \d+/,
  "early-ack": /^lost: |not drained|is missing/m,
  "hide-again": /^duplicated: /m,
  "skip-confirm": /not drained: .* toShow/,
};

for (const [bug, sign] of Object.entries(planted) as [Bug, RegExp][]) {
  test(`the planted bug ${bug} is found within 20 seeds`, async (t) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { told } = await playCourse({ seed, bug });
      if (!sign.test(told.join("\n"))) continue;
      assert.match(told.at(-1) ?? "", new RegExp(`--seed ${seed} --bug ${bug}$`));
      t.diagnostic(`found by seed ${seed}`);
      return;
    }
    assert.fail("no seed found it");
  });
}
