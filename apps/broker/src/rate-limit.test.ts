import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import fc from "fast-check";
import { RateLimit } from "./rate-limit.ts";

const passes = (limit: RateLimit, subject: string): boolean => {
  try {
    limit.take(subject);
    return true;
  } catch (error) {
    if (error instanceof MeshError && error.code === "rate_limited") return false;
    throw error;
  }
};

test("no window lets more through than burst and rate allow, and the promised wait is enough", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(400), { maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (gaps, burst) => {
        let now = 0;
        const limit = new RateLimit({ perSecond: 10, burst }, () => now);
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          if (passes(limit, "a")) passed += 1;
          assert.ok(passed <= burst + (now / 1000) * 10 + 1e-6);
        }
        while (passes(limit, "a"));
        assert.throws(
          () => limit.take("a"),
          (error: unknown) => {
            now += (error as MeshError).retryAfterMs ?? 0;
            return true;
          },
        );
        assert.ok(passes(limit, "a"));
      },
    ),
    { examples: [[[0, 7, 7], 3]] },
  );
});

test("subjects do not share, and memory stays bounded with those kept who are out of tokens", () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 }, () => 0, 100);
  for (let n = 0; n < 1_000; n++) assert.ok(passes(limit, `s${n}`));
  assert.ok(!passes(limit, "s999"));
});
