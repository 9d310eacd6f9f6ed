import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageId } from "@claudemesh/protocol";
import fc from "fast-check";
import { type Hops, hopsOf, isMadeUp, later } from "./hops.ts";

/** An id as drawn at that time. */
const idAt = (at: number, n = 0): MessageId => {
  const hex = at.toString(16).padStart(12, "0");
  return `msg_${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, "0")}` as MessageId;
};

test("a person's message begins the count anew, an agent's goes on with it", () => {
  const id = idAt(5_000);
  assert.deepEqual(hopsOf({ id }), { since: id, hops: 0 });
  assert.deepEqual(hopsOf({ id, hop: 3 }), { since: "", hops: 3 });
  assert.deepEqual(hopsOf({ id, hop: 3, since: idAt(1) }), { since: idAt(1), hops: 3 });
});

test("the newer start counts, then the further one; in whatever order they are heard of", () => {
  const state = fc.record(
    {
      since: fc.oneof(
        fc.constant("" as const),
        fc.integer({ min: 1, max: 50 }).map((at) => idAt(at)),
      ),
      hops: fc.integer({ min: 0, max: 40 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(state, { minLength: 1, maxLength: 12 }), (states) => {
      const end = states.reduce<Hops>(later, { since: "", hops: 0 });
      assert.deepEqual([...states].reverse().reduce<Hops>(later, { since: "", hops: 0 }), end);
      const newest =
        states
          .map(({ since }) => since)
          .sort()
          .at(-1) ?? "";
      assert.equal(end.since, newest);
      const most = Math.max(
        ...states.filter(({ since }) => since === newest).map(({ hops }) => hops),
      );
      assert.equal(end.hops, most);
    }),
  );
});

test("a start more than a day ahead is made up", () => {
  const now = 1_700_000_000_000;
  const day = 24 * 3_600_000;
  assert.equal(isMadeUp({ since: "", hops: 3 }, now), false);
  assert.equal(isMadeUp({ since: idAt(now + day), hops: 3 }, now), false);
  assert.equal(isMadeUp({ since: idAt(now + day + 1), hops: 3 }, now), true);
});
