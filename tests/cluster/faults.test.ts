import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { describeMatrix, type MatrixOptions, runMatrix } from "@claudemesh/testkit/cluster";
import { lostOf } from "@claudemesh/testkit/history";
import { withoutNats } from "../../packages/testkit/src/cluster/nats-server.ts";
import { withoutPostgres } from "../../packages/testkit/src/postgres/binaries.ts";
import { seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";

const skip = withoutPostgres() || withoutNats();
const bound = { skip, timeout: 240_000 };

/** Longer than a machine of the suite stands still. */
const postgresTimeoutMs = 6_000;

async function run(t: TestContext, options: MatrixOptions) {
  const result = await runMatrix({ postgresTimeoutMs, ...options });
  const lines = describeMatrix(result);
  for (const line of lines) t.diagnostic(line);
  return { ...result, text: lines.join("\n") };
}

/** Those that are over soon; the rest is for `npm run cluster`. */
const short =
  /^NATS gone|^NATS partitioned|^PostgreSQL (restarted|failed)|frozen|killed|cut off|off before/;

test(
  "whatever fails between two nodes, PostgreSQL and NATS, what was acknowledged is read once",
  bound,
  async (t) => {
    const seed = seedOfRun();
    const { cells, isGood, report, text } = await run(t, {
      ...{ nodes: 2, seed, faultMs: 300, only: short, patienceMs: 120_000 },
    });
    assert.ok(isGood, text);
    assert.equal(cells.length, 9);
    assert.ok(
      cells.every(({ sent, read }) => sent > 0 && read === sent),
      text,
    );
    assert.ok(report.acknowledged > 50, text);
  },
);

test("nodes that acknowledge before they commit are found to lose messages", bound, async (t) => {
  const only = /one node killed/;
  const options = { nodes: 2, seed: 1, faultMs: 300, patienceMs: 3_000, only } as const;
  const { isGood, report, text } = await run(t, { ...options, bug: "early-reply" });
  assert.ok(!isGood);
  assert.ok(lostOf(report).length > 0, text);
});

test(
  "nodes that do not look for what a lost signal would have told are found to keep messages back",
  bound,
  async (t) => {
    const only = /^NATS gone/;
    const options = {
      nodes: 2,
      seed: 2,
      faultMs: 300,
      patienceMs: 3_000,
      only,
      writers: ["alice"],
    } as const;
    const { cells, text } = await run(t, { ...options, bug: "no-look" });
    assert.ok(
      cells.some(({ sent, read }) => read < sent),
      text,
    );
  },
);
